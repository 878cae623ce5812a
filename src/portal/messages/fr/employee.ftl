# Ce que tout le monde fait : partager, et voir ce que cela donne.

nav-feed = Partager
nav-figures = Chiffres
nav-referrals = Cooptations
nav-account = Compte

kind-article = Article
kind-campaign = Campagne
kind-job = Offre d’emploi
kind-video = Vidéo
kind-event = Événement
kinds-article = Articles
kinds-campaign = Campagnes
kinds-job = Emplois
kinds-video = Vidéos
kinds-event = Événements

feed-title = À partager
feed-search = Rechercher
feed-find = Rechercher
feed-kinds = Types
feed-all = Tout
feed-found = { $count ->
    [0] Rien trouvé
    [one] Une proposition trouvée
   *[other] { $count } propositions trouvées
  }
feed-new = Nouveau
feed-shared = Vous l’avez partagé : { $where }
feed-copy = Copier le lien
feed-copy-of = Copier le lien vers « { $what } »
feed-share = Partager
feed-share-of = Partager « { $what } »
feed-charter = Avant votre premier lien, lisez ce que participer veut dire.
feed-charter-read = Lire la charte (une minute)
feed-empty-title = Rien à partager pour le moment
feed-empty = Les nouvelles propositions apparaissent ici dès qu’elles sont publiées pour vous.
feed-nothing-title = Rien trouvé
feed-nothing = Essayez un autre mot, ou affichez tout.
feed-everything = Tout afficher

content-read = Lire sur { $site }
content-over = C’est terminé : plus de nouveaux liens. Ceux que vous avez partagés continuent de fonctionner.
content-charter-title = Une chose d’abord
content-charter = Avant votre premier lien, lisez ce que participer veut dire. Cela prend une minute, une seule fois.
content-share = Partager
content-text = Votre texte
content-text-hint = Une suggestion : adaptez-la, ou effacez-la.
content-text-none = Si vous le souhaitez : dites avec vos mots pourquoi vous le partagez.
content-others = { $count ->
    [one] Une autre suggestion
   *[other] { $count } autres suggestions
  }
content-take = Prendre celle-ci
content-disclosure-hint = Ajouté sous votre texte, pour que l’on sache d’où vous parlez.
content-where = Où ?
content-promise = Votre lien est à vous. Rien n’est publié à votre place, aucun compte n’est connecté.
content-links = { $count ->
    [one] Votre lien vers ce contenu
   *[other] Vos { $count } liens vers ce contenu
  }
content-try = Essayer mon lien

disclosure-employee = Je travaille chez { $space }.
disclosure-partner = Partenaire de { $space }.
disclosure-customer = Client de { $space }.
disclosure-influencer = Collaboration commerciale avec { $space }.

place-email = Courriel
place-sheet = Autres applis
place-qr = Code QR
place-copy = Copier le lien

share-said-copied = Votre texte est copié : collez-le dans { $place }.
share-said-opened = { $place } s’ouvre avec votre lien.
share-said-shared = C’est partagé. Merci !
share-said-link = Votre lien est copié.
share-said-by-hand = Votre lien est prêt ci-dessous : copiez-le à la main.

made-title = Votre lien est prêt
made-where = Pour { $where }. Il compte pour vous dès le premier clic.
made-link = Votre lien personnel
made-text = Votre texte
made-hint = Sélectionnez et copiez.
made-open = Ouvrir { $where }
made-back = Retour

qr-title = Votre code QR
qr-alt = Code QR de { $link }
qr-hint = Montrez-le à l’écran ou imprimez-le : il reste valable quand l’adresse qu’il annonce change.
qr-print = Imprimer
qr-download = Télécharger

charter-title = La charte
charter-version = Version { $version }, du { $when }
charter-accept = J’accepte
charter-later = Pas maintenant
charter-accepted = Vous l’avez acceptée le { $when }.
flash-charter-accepted = Merci. Vous pouvez partager.

leave-title = Quitter le programme
leave-lead = La participation est volontaire. Si vous partez :
leave-links = vous n’avez plus de nouveaux liens ; ceux que vous avez partagés continuent de fonctionner et n’apprennent plus rien de vous à personne ;
leave-mails = vous êtes déconnecté partout et ne recevez plus de courriels ;
leave-back = vous pouvez revenir à tout moment : connectez-vous à nouveau.
leave-erase = Si vous voulez que vos données soient effacées, demandez-le à la personne qui administre cet espace.
leave-do = Quitter maintenant
leave-stay = Rester
left = Vous avez quitté le programme. Vous pouvez revenir à tout moment : connectez-vous à nouveau.

referrals-title = Mes cooptations
referrals-lead = Les personnes qui ont postulé après avoir suivi un de vos liens.
referrals-empty-title = Pas encore de cooptation
referrals-empty = Quand une personne postule après avoir suivi un de vos liens vers un emploi, vous voyez ici où cela en est.
referrals-jobs = Voir les emplois
referral-unknown-job = Un emploi
referral-why = Pourquoi elle est à vous
referral-click = Le dernier clic avant la candidature était sur votre lien, le { $when } ({ $where }).
referral-window = Un clic compte pendant { $days ->
    [one] un jour
   *[other] { $days } jours
  } avant la candidature.
referral-steps = Le parcours
referral-privacy = Personne ici ne sait qui a postulé : seul l’outil de recrutement le sait.
reason-last-click = Le dernier lien suivi par cette personne avant de postuler était le vôtre.
reason-declared = Vous nous avez dit avoir recommandé cette personne.
reason-pending = Elle est à vous pour l’instant. Un nouvel élément est arrivé, et les clics sont en cours de vérification.
reason-imported = Elle vient de données antérieures de votre entreprise.

stage-started = Commencée
stage-applied = Déposée
stage-screened = À l’étude
stage-interview = Entretien
stage-offer = Proposition
stage-hired = Embauche
stage-probation_passed = Confirmée
stage-rejected = Non retenue
stage-withdrawn = Retirée

figures-title = Ce que cela donne
figures-period = Période
figures-days = { $days ->
    [one] Dernier jour
   *[other] { $days } derniers jours
  }
figures-empty-title = Rien durant ces jours
figures-empty = Dès que vous partagez quelque chose, vous voyez ici combien de personnes cela a touché.
figures-share = Trouver quelque chose à partager
figures-clicks = { $count ->
    [0] Personne n’a encore cliqué
    [one] Un clic sur vos liens
   *[other] { $count } clics sur vos liens
  }
figures-shares = { $count ->
    [0] Vous n’avez rien partagé durant ces jours.
    [one] Vous avez partagé une fois.
   *[other] Vous avez partagé { $count } fois.
  }
figures-landed = { $count ->
    [0] Aucun partage n’a encore fait venir quelqu’un.
    [one] Un partage a fait venir quelqu’un.
   *[other] { $count } partages ont fait venir quelqu’un.
  }
figures-where = Où
figures-place = { $count ->
    [0] personne encore
    [one] un clic
   *[other] { $count } clics
  }
figures-what = Seulement les clics de personnes : les robots, les aperçus et vos propres essais (« Essayer mon lien ») ne comptent pas.
figures-away = Les chiffres ne sont pas disponibles pour le moment. Les clics sont comptés pendant ce temps : réessayez dans une minute.
figures-own = Vous seul voyez cette page.
