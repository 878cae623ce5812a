# Jetons et webhooks.

access-title = Accès
access-tab-tokens = Jetons
access-tab-webhooks = Webhooks

tokens-title = Jetons
tokens-add = Créer un jeton
tokens-lead = Un programme s’identifie par un jeton. Il ne peut jamais plus que son rôle, et moins s’il a été restreint.
tokens-empty = Aucun programme n’a accès
tokens-empty-next = Créez un jeton pour chaque programme qui lit ou écrit par l’API : votre site, votre logiciel de recrutement, un script.
tokens-made = Créé le { $when }
tokens-used = dernière utilisation le { $when }
tokens-unused = jamais utilisé
tokens-until = valable jusqu’au { $when }
tokens-expired = Expiré
tokens-endless = Sans fin
tokens-revoke = Retirer
token-name = À quoi sert-il ?
token-name-hint = Pour que l’on sache plus tard s’il est encore utile.
token-role = Rôle
token-role-hint = Ce que le programme peut faire au plus.
token-advocate = Au nom de
token-advocate-hint = Seulement pour le rôle Ambassadeur : l’adresse électronique de cette personne.
token-scopes = Restreint à
token-scopes-hint = Rien de coché : tout ce que le rôle permet.
token-life = Valable
token-life-hint = Ensuite il est refusé ; créez-en un autre avant.
token-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
 }
token-make = Créer
token-made-title = Le jeton
token-made-once = Il n’est montré que cette fois. Copiez-le maintenant là où le programme garde ses secrets.
token-made-how = Les programmes l’envoient dans cet en-tête :
token-made-done = Je l’ai copié
flash-token-revoked = Retiré : { $what }.
scope-read = Lire tout ce que le rôle peut voir
scope-space = Les réglages de l’espace
scope-people = Personnes et équipes
scope-contents = Contenus et campagnes
scope-links = Liens et partages
scope-referrals = Candidatures et conversions
scope-webhooks = Webhooks
scope-exchange = Imports et exports
scope-tokens = Jetons
problem-advocate-id-required = Dites au nom de qui : le rôle Ambassadeur agit pour une personne.
problem-advocate-id-invalid = Seul le rôle Ambassadeur agit pour quelqu’un : laissez ce champ vide.
problem-advocate-id-not-found = Personne ici n’a cette adresse.
problem-advocate-id-advocate-left = Cette personne est partie et ne reçoit pas de jeton.

webhooks-title = Webhooks
webhooks-add = Ajouter un webhook
webhooks-empty = Personne d’autre n’est prévenu
webhooks-empty-next = Un webhook envoie ce qui se passe ici, un clic ou une étape de candidature, à l’un de vos systèmes, signé, et de nouveau jusqu’à ce que ce soit reçu.
webhook-url = Adresse
webhook-url-hint = En https, et sur l’internet public.
webhook-events = Ce qui est dit
webhook-made-title = Le webhook est en place
webhook-made-once = Son secret n’est montré que cette fois. Votre système en a besoin pour vérifier la signature de chaque message.
webhook-secret = Secret
webhook-made-how = Chaque message porte une signature faite avec lui. Envoyez un essai depuis la page suivante pour voir s’il arrive.
webhook-made-done = Je l’ai copié
webhook-change = Le modifier
webhook-test = Envoyer un essai
webhook-switch-off = Arrêter
webhook-switch-on = Remettre en marche
webhook-state-on = En marche
webhook-state-failing = En échec
webhook-state-off = Arrêté
webhook-failures = { $count ->
    [one] La dernière tentative a échoué.
   *[other] Les { $count } dernières tentatives ont échoué.
 }
webhook-off-by-hand = Quelqu’un l’a arrêté. Ce qui se passe entre-temps attend trois jours.
webhook-off-failing = Il a été arrêté parce que rien n’a pu être remis pendant un jour. Réparez le destinataire, puis remettez-le en marche : ce qui attend est envoyé.
flash-webhook-tested = Un essai est en route : rechargez cette page dans un instant pour voir le résultat.
flash-webhook-on = Il est en marche, et ce qui attendait est envoyé.
flash-webhook-off = Il est arrêté.
event-link-created = Un lien est émis
event-share-created = Quelqu’un partage
event-click-recorded = Une personne clique
event-content-published = Un contenu est publié
event-application-any = Tout ce qui touche aux candidatures
event-application-credited = Une candidature est attribuée à quelqu’un
event-application-started = Une candidature est commencée
event-application-applied = Une candidature est envoyée
event-application-screened = Une candidature a été examinée
event-application-interview = Il y a un entretien
event-application-offer = Il y a une offre
event-application-hired = Quelqu’un est embauché
event-application-probation-passed = La période d’essai est finie
event-application-rejected = Une candidature est refusée
event-application-withdrawn = Une candidature est retirée
problem-url-address-not-public = Cette adresse n’est pas sur l’internet public.
problem-url-host-unknown = Ce nom n’a pas d’adresse : vérifiez son orthographe.
problem-url-port-not-allowed = Utilisez le port 80 ou 443.
problem-url-invalid = Ce n’est pas une adresse : elle commence par https://.
problem-events-required = Cochez-en au moins un.

deliveries-title = Envois
deliveries-empty = Rien n’a encore été envoyé. Envoyez un essai pour voir si votre système répond.
deliveries-when = Quand
deliveries-event = Événement
deliveries-state = État
deliveries-attempts = Tentatives
deliveries-answer = Réponse
deliveries-next = prochain le { $when }
delivery-state-waiting = Attend
delivery-state-done = Remis
delivery-state-failed = Abandonné
