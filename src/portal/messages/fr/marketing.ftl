# Les contenus, tels que les voit qui les publie.

area-marketing = Publier
marketing-nav-contents = Contenus
marketing-nav-campaigns = Campagnes
marketing-nav-feeds = Flux
marketing-nav-objectives = Objectifs
marketing-nav-charter = Charte
marketing-nav-reports = Signalés

language-fr = Français
language-en = Anglais
language-de = Allemand
language-es = Espagnol
language-it = Italien
language-nl = Néerlandais
language-pt = Portugais

contents-title = Contenus
contents-add = Nouveau contenu
contents-search = Titre, résumé ou adresse
contents-find = Chercher
contents-filters = Filtres
contents-filter-state = État
contents-any = Tous
contents-clear = Tout afficher
contents-count = { $count ->
    [one] { $count } contenu
   *[other] { $count } contenus
 }
contents-figures = Partages et clics des { $days } derniers jours.
contents-figures-campaign = Partages et clics pendant la campagne.
contents-show-figures = Afficher les partages et les clics
contents-state-draft = Brouillons
contents-state-scheduled = Programmés
contents-state-published = Publiés
contents-state-expired = Expirés
contents-state-archived = Archivés
contents-empty = Rien à partager pour l’instant
contents-empty-next = Collez l’adresse d’un article, d’une vidéo ou d’une offre d’emploi : le titre, le résumé et l’image suivent.
contents-none-found = Rien ne correspond
contents-none-found-next = Cherchez moins précisément, ou retirez un filtre.

content-is-draft = Brouillon
content-is-scheduled = Programmé
content-is-published = Publié
content-is-expired = Expiré
content-is-archived = Archivé
content-since-draft = Un brouillon que personne ne voit encore.
content-since-scheduled = Sera publié le
content-since-published = Publié le
content-since-expired = Expiré le
content-since-archived = Archivé le
content-came = { $shares } partages et { $clicks } clics en { $days } jours
content-shares = Partages
content-clicks = Clics

content-new-title = Nouveau contenu
content-other-address = Une autre adresse
content-what = De quoi il s’agit
content-kind = Type
content-title = Titre
content-url = Adresse
content-url-hint = La page où mènent ses liens.
content-summary = Résumé
content-summary-hint = Une ou deux phrases, pour qui partage et pour la carte que montrent les réseaux.
content-image = Adresse d’une image
content-image-hint = Relais va la chercher une fois et la sert lui-même.
content-campaign = Campagne
content-campaign-none = Aucune
content-external-id = Référence de l’offre
content-external-id-hint = Celle de votre logiciel de recrutement ; elle rattache les candidatures à cette offre.
content-texts = Textes suggérés
content-texts-hint = Chacun part de celui de sa langue et se l’approprie.
content-text-of = Texte { $number }
content-text-words = Texte
content-text-language = Langue du texte
content-text-channel = Canal du texte
content-text-any-language = Toutes les langues
content-text-any-channel = Tous les canaux
content-texts-more = Une ligne vide n’est pas retenue ; deux autres apparaissent à chaque enregistrement.
content-audience = Public
content-audience-hint = Les personnes qui correspondent à chaque liste où vous cochez quelque chose. Ne cochez rien : il s’adresse à tout le monde.
content-teams = Équipes
content-locations = Lieux de travail
content-languages = Langues
content-kinds = Profils
content-skills = Compétences
content-when = Quand
content-when-hint = Les heures sont celles de { $zone }.
content-published-at = Publier le
content-published-at-hint = Vide : un brouillon.
content-expires-at = Expire le
content-expires-at-hint = Vide : jamais.
content-fallback = Mener ensuite à
content-fallback-hint = La page où mènent ses liens une fois terminé ; vide : celle que l’espace prévoit.
content-more = Plus
content-tracks = Suivre ce qui se passe après le clic
content-tracks-hint = Ajoute le numéro du clic à l’adresse, pour que votre site signale conversions et candidatures.
content-forward = Transmettre les paramètres du lien
content-forward-hint = Ce qui suit le point d’interrogation d’un lien est ajouté à l’adresse.
content-publish = Publier maintenant
content-save = Enregistrer
content-save-draft = Enregistrer
content-cancel = Annuler
content-preview = Aperçu
content-restore = Rétablir
content-archive = Archiver
content-archive-job = Poste pourvu
content-archive-title = Y mettre fin
content-archive-job-title = Le poste est-il pourvu ?
content-archive-what = Il n’est plus proposé à personne, et ses liens mènent à la page de repli. Les chiffres restent ; vous pourrez le rétablir.
content-stale = Quelqu’un d’autre a modifié ce contenu pendant que vous y travailliez. Rien de votre version n’est enregistré : elle diffère par { $fields }. Comparez, puis enregistrez de nouveau pour mettre la vôtre à la place.
content-stale-same = Quelqu’un d’autre a modifié ce contenu pendant que vous y travailliez. Rien de votre version n’est enregistré. Comparez, puis enregistrez de nouveau.
content-stale-look = Le voir tel qu’il est

reach-everybody = { $count ->
    [0] Il n’y a encore personne ici.
    [one] Atteint la seule personne présente.
   *[other] Atteint les { $count } personnes.
 }
reach-some = Atteint { $count } personnes sur { $of }.
reach-nobody = N’atteint personne : décochez quelque chose.

paste-url = Collez une adresse
paste-url-hint = D’un article, d’une vidéo, d’un événement ou d’une offre d’emploi. Le titre, le résumé et l’image viennent de la page.
paste-look = Aller voir
paste-or = Ou bien
paste-by-hand = tout remplir à la main
paste-job = rédiger une offre d’emploi
paste-feeds = laisser un flux proposer
look-read = Le titre, le résumé et l’image viennent de la page : relisez-les et faites-les vôtres.
look-says-nothing = La page ne dit rien d’elle-même : remplissez le titre et le résumé à la main.
look-known = Vous avez déjà un contenu à cette adresse :
look-unread = { $why } Remplissez les champs à la main : le lien fonctionnera quand même.
look-why-unreachable = Le site ne répond pas.
look-why-tls-failed = Le site ne peut pas prouver qui il est : son certificat n’est pas en règle.
look-why-too-many-redirects = L’adresse renvoie sans fin à une autre.
look-why-too-slow = Le site a mis trop de temps à répondre.
look-why-refused-by-site = Le site ne montre pas cette page à Relais.
look-why-host-unknown = Il n’y a pas de site à cette adresse.
look-why-address-not-public = Cette adresse n’est pas sur l’internet public.
look-why-port-not-allowed = Relais ne lit les sites que sur les ports 80 et 443, à moins que l’exploitant n’en ouvre d’autres.
look-why-invalid-url = Ce n’est pas l’adresse d’un site.
look-why-not-a-page = Il y a un fichier à cette adresse, non une page.
look-why-other = La page n’a pas pu être lue.

preview-title = Comment il se présente
preview-shelf = Pour qui partage
preview-network = Sur un réseau
preview-no-texts = Il n’y en a pas : chacun écrit le sien, ou partage le lien seul.
preview-any = Pour tout le monde
preview-share = Le partager vous-même
preview-is-draft = C’est un brouillon : personne ne le voit encore.
preview-is-scheduled = Il est programmé : personne ne le voit encore.
preview-is-expired = Il a expiré : plus personne ne le voit.
preview-is-archived = Il est archivé : plus personne ne le voit.

flash-content-drafted = Enregistré comme brouillon : { $what }
flash-content-scheduled = Programmé : { $what }
flash-content-published = Publié : { $what }
flash-content-archived = Archivé : { $what }
flash-content-restored = Rétabli : { $what }

problem-url-invalid-url = Ce n’est pas une adresse : elle commence par https://.
problem-url-own-host = C’est un lien court de cette installation : prenez l’adresse où il mène.
problem-url-domain-not-allowed = Votre espace n’autorise pas de liens vers ce domaine : demandez à la personne qui l’administre.
problem-url-feed-exists = Vous avez déjà un flux à cette adresse.
problem-url-content-exists = Vous avez déjà un contenu à cette adresse : écartez la proposition.
problem-image-url-invalid-url = Ce n’est pas l’adresse d’une image : elle commence par https://.
problem-fallback-url-invalid-url = Ce n’est pas une adresse : elle commence par https://.
problem-fallback-url-own-host = C’est un lien court de cette installation : prenez l’adresse où il mène.
problem-fallback-url-domain-not-allowed = Votre espace n’autorise pas de liens vers ce domaine.
problem-published-at-invalid = Ce n’est pas une date avec une heure.
problem-expires-at-invalid = Ce n’est pas une date avec une heure, ou elle ne suit pas la publication.
