# Les pages du recrutement : offres, candidatures par étape, reçus.

area-recruiting = Recrutement
recruiting-nav-jobs = Offres
recruiting-nav-referrals = Cooptations
recruiting-nav-rule = Règle
recruiting-nav-connect = Relier

jobs-title = Offres d’emploi
jobs-publish = Publier une offre
jobs-search = Titre ou clé
jobs-filter-state = État
jobs-any = Toutes
jobs-state-open = Ouvertes
jobs-state-coming = Pas encore publiées
jobs-state-over = Closes
jobs-find = Rechercher
jobs-clear = Tout afficher
jobs-count = { $count ->
    [0] Aucune offre
    [one] Une offre
   *[other] { $count } offres
  }
jobs-none-found = Aucune offre ne correspond
jobs-none-found-next = Essayez un autre mot ou un autre état.
jobs-empty = Pas encore d’offre
jobs-empty-next = Les offres publiées à la main ou venues d’un flux s’affichent ici, avec ce que leur apporte le partage.
jobs-away = Les partages et les clics ne sont pas disponibles en ce moment ; les candidatures le sont. Réessayez dans une minute.
jobs-see = Voir l’offre
jobs-sharers = ont partagé
jobs-clicks = clics
jobs-applications = candidatures
job-open = Ouverte
job-scheduled = Programmée
job-draft = Brouillon
job-closed = Close

board-title = Cooptations
board-new = Ajouter
board-list = Envoyer une liste
board-search = Référence dans l’outil de recrutement
board-job = Offre
board-stage = Étape
board-period = Dernier événement
board-any-job = Toutes les offres
board-any-stage = Toutes les étapes
board-any-time = Peu importe quand
board-days = { $days ->
    [365] Depuis un an
   *[other] Depuis { $days } jours
  }
board-find = Afficher
board-clear = Tout afficher
board-count = { $count ->
    [0] Aucune candidature
    [one] Une candidature
   *[other] { $count } candidatures
  }
board-show-names = Montrer qui a coopté
board-hide-names = Masquer qui a coopté
board-names-logged = Chaque consultation des noms est consignée.
board-none-found = Aucune candidature ne correspond
board-none-found-next = Essayez d’autres filtres, ou affichez tout.
board-empty = Pas encore de candidature
board-empty-next = Dès qu’une personne postule après avoir suivi le lien d’un collègue, l’outil de recrutement le dit et elle s’affiche ici.
board-connect = Relier l’outil de recrutement
board-since = { $days ->
    [0] depuis aujourd’hui
    [one] depuis hier
   *[other] depuis { $days } jours
  }
board-credited = Attribuée
board-open = Pas encore décidé
board-nobody = À personne
board-move = Faire avancer
board-move-to = Nouvelle étape
board-move-do = Avancer
board-more = Voir les { $count }
flash-stage-told = C’est noté : { $what }.
flash-stage-noted = C’est noté. La candidature reste à « { $what } », étape atteinte plus tard.
flash-application-noted = La candidature est notée. L’attribution se décide dans quelques secondes.
flash-list-taken = C’est fait. Lignes prises en compte : { $what }.

hand-title = Ajouter une candidature
hand-lead = Pour ce que l’outil de recrutement ne dit pas de lui-même.
hand-external-id = Référence dans l’outil de recrutement
hand-external-id-hint = L’identifiant opaque de la candidature. Jamais un nom, jamais une adresse.
hand-job = Offre
hand-unknown-job = Celle du lien
hand-trace = Lien ou clic, si vous le connaissez
hand-trace-hint = Le code ou l’adresse du lien personnel, ou l’identifiant du clic (rid). Sans lui, la candidature n’est attribuée à personne.
hand-stage = Étape
hand-when = Quand
hand-do = Ajouter
hand-cancel = Annuler
problem-external-id-personal-data = Cela ressemble au nom ou à l’adresse électronique d’une personne. Relais ne prend rien de la personne qui postule : indiquez la référence de l’outil de recrutement.
problem-trace-invalid = Il faut le code ou l’adresse d’un lien, ou l’identifiant d’un clic.
problem-trace-not-found = Ce lien n’existe pas dans cet espace : vérifiez le code.
problem-content-id-other-job = Le lien mène à un autre contenu : choisissez cette offre-là, ou laissez le champ ouvert.
problem-occurred-at-invalid = Il faut une date ou une heure, comme 2026-03-02 ou 2026-03-02T09:30, au plus tard demain.

receipt-to-person = Attribuée à { $who }
receipt-to-somebody = Attribuée à un collègue
receipt-open = Pas encore décidé
receipt-to-nobody = Attribuée à personne
receipt-somebody = une personne qui n’est plus là
receipt-rule = La règle : le dernier clic d’une personne sur le lien d’un collègue vers cette offre compte, s’il précède la candidature de { $days ->
    [one] un jour
   *[other] { $days } jours
  } au plus ; à défaut, une cooptation déclarée.
receipt-decided-for = La candidature compte à partir du { $when }.
receipt-chain = Du clic jusqu’ici
receipt-click = Le clic qui compte
receipt-click-other = Un clic qui ne compte pas
receipt-where = Partagé sur { $where }
receipt-to = Vers « { $what } »
receipt-class-human = Par une personne
receipt-class-preview = Aperçu d’un réseau, pas une personne
receipt-class-bot = Robot, pas une personne
receipt-class-scanner = Analyse de courriel ou de lien, pas une personne
receipt-class-prefetch = Préchargement d’un navigateur, pas une personne
receipt-class-head = Vérification technique, pas une personne
receipt-class-self = Essai de la personne qui a partagé
receipt-answer-fallback = Pas conduit jusqu’à l’offre : elle était close, en pause, ou le lien désactivé
receipt-answer-gone = Pas conduit jusqu’à l’offre : elle était close, en pause, ou le lien désactivé
receipt-answer-card = Une carte d’aperçu a été montrée
receipt-told-api = Dit par l’API
receipt-told-page = Dit à la main
receipt-told-list = Dit par une liste
receipt-told-bundle = Importé
receipt-heard = reçu le { $when }
receipt-evidence-click = Un clic était désigné
receipt-evidence-link = Un lien était désigné
receipt-evidence-declared = Quelqu’un l’a déclaré
receipt-evidence-import = Vient de données antérieures
receipt-declared = Déclaré pour { $who }
receipt-go-on = L’étape suivante
receipt-tell = La noter
receipt-tell-hint = Les étapes s’ajoutent seulement : ce qui est noté le reste.
receipt-number = Reçu
receipt-issued = Établi le
receipt-space = Programme
receipt-privacy = Relais ne sait ni qui a cliqué ni qui a postulé : seul l’outil de recrutement le sait.
receipt-print = Imprimer

credit-last-click = Le dernier clic d’une personne dans le délai avant la candidature était sur le lien de ce collègue.
credit-declared = Aucun clic ne convient. La cooptation a été déclarée pour ce collègue.
credit-imported = La candidature a été importée avec ce collègue.
credit-pending = Le journal des clics est interrogé. Cela prend quelques secondes, et au plus un jour après le dernier message.
credit-not-applied = L’attribution se décide quand la candidature est déposée.
credit-no-evidence = Rien de ce qui a été dit ne désigne un clic, un lien ou un collègue.
credit-unknown-click = Aucun clic ne porte l’identifiant reçu : il est peut-être mal recopié, ou plus ancien que ce qui est gardé.
credit-no-click = Aucune personne n’a cliqué sur le lien dans le délai avant la candidature : pas de clic, des robots seulement, un lien désactivé, ou un clic venu trop tard.
credit-not-human = Le clic n’était pas celui d’une personne : un robot, un aperçu, ou l’essai du collègue lui-même.
credit-not-content = Le clic n’a pas conduit jusqu’à l’offre : elle était close ou en pause, ou le lien désactivé.
credit-other-content = Le clic était sur un lien vers autre chose que cette offre.
credit-after-applied = Le clic est venu après la candidature.
credit-outside-window = Le clic est plus ancien que le délai ne le permet.
credit-no-advocate = Le lien n’est plus à personne : qui l’avait partagé était parti, ou a été effacé à sa demande.

list-title = Envoyer une liste d’étapes
list-lead = Rien ne change encore : vous voyez d’abord ce que la liste ferait.
list-file = La liste
list-file-hint = Un fichier CSV, une étape par ligne ; 1 Mo et { $count } lignes au plus.
list-look = Voir ce qui change
list-columns = Ce qu’elle contient
list-columns-lead = Ces colonnes et aucune autre : une liste avec des noms ou des adresses est refusée.
list-explains-external-id = L’identifiant opaque de la candidature dans l’outil de recrutement
list-explains-stage = started, applied, screened, interview, offer, hired, probation_passed, rejected, withdrawn ; ou comme le tableau les nomme
list-explains-occurred-at = Une date ou une heure ; sans décalage, là où est l’espace
list-explains-trace = Facultatif : le code ou l’adresse du lien, ou l’identifiant du clic
list-column-external-id = Référence
list-column-stage = Étape
list-column-occurred-at = Quand
list-column-trace = Lien ou clic
list-or = Mieux qu’une liste :
list-or-connect = l’outil de recrutement dit chaque étape de lui-même.
list-would = Ce qui changerait
list-moved = avancent
list-added = nouvelles
list-known = déjà connues
list-foreign = d’ailleurs
list-foreign-why = Les candidatures inconnues ici qui ne désignent aucun lien sont laissées de côté : personne ne les a cooptées.
list-bad = illisibles
list-nothing = Il n’y a rien à changer.
list-again = Envoyer une autre liste
list-confirm = Le faire
list-confirm-good = Le faire sans les lignes illisibles
list-bad-title = Lignes illisibles
list-line = Ligne
list-what = Quoi
list-reason = Raison
list-changes = Les premiers changements
list-new = Nouvelle
list-at-line = ligne { $line }
problem-file-too-large = La liste est trop grande : 1 Mo et 2 000 lignes au plus. Envoyez-la en plusieurs fois.
problem-file-required = Choisissez un fichier qui n’est pas vide.
problem-file-invalid = Ce n’est pas un fichier CSV lisible : dans votre tableur, choisissez « Enregistrer sous », puis « CSV UTF-8 ».
problem-file-no-column = Il manque une colonne : il faut external_id, stage et occurred_at.
problem-file-unknown-column = Une colonne n’est aucune de celles ci-dessous. Retirez-la et envoyez de nouveau la liste.
problem-file-personal-data = Une colonne décrit les personnes qui postulent (un nom, une adresse…). Relais ne prend rien de tel : retirez-la et envoyez de nouveau la liste. Rien n’en a été gardé.
problem-cells = La ligne a plus de cases que la première.
problem-stage-invalid = Ce n’est aucune des étapes.

connect-title = Relier l’outil de recrutement
connect-lead = Il dit à Relais chaque étape dès qu’elle est atteinte, par une seule requête.
connect-token = Un jeton
connect-token-what = La requête porte un jeton du rôle recruteur, de portée « referrals ».
connect-token-make = Créer un jeton
connect-token-ask = Demandez-en un à la personne qui administre cet espace.
connect-click = Quand la candidature est venue par un lien
connect-click-what = Relais ajoute rid, l’identifiant du clic, à l’adresse de chaque offre qui compte les candidatures. L’outil de recrutement le garde avec la candidature et le renvoie :
connect-code = Quand seul le lien est connu
connect-code-what = Avec le code du lien personnel, c’est le dernier clic sur ce lien qui compte :
connect-later = Les étapes suivantes
connect-later-what = La même requête, avec le même external_id et l’étape suivante. Envoyée deux fois, elle compte une fois. L’ordre n’importe pas.
connect-never = N’envoyez jamais un nom, une adresse ni rien d’autre de la personne qui postule : une telle requête est refusée tout entière.
connect-copy = Copier
connect-copied = Copié
connect-docs = Toute l’API
connect-list = Plutôt envoyer une liste

audit-referrals-read-by-advocate = A regardé qui a coopté
audit-referral-receipt-read = A ouvert un reçu
audit-detail-job = Offre
audit-detail-stage = Étape

rule-title = Règle d’attribution
rule-lead = Le dernier clic d’une personne sur le lien d’un collègue vers l’offre compte, s’il précède la candidature de { $days ->
    [one] un jour
   *[other] { $days } jours
  } au plus ; à défaut, une cooptation déclarée.
rule-try = Essayer une autre durée
rule-try-what = Rejoue les candidatures passées, sans rien changer.
rule-days = Jours entre le clic et la candidature
rule-days-hint = De 1 à 730.
rule-since = Candidatures
rule-try-do = Rejouer
rule-away = Le journal des clics ne répond pas en ce moment. Réessayez dans une minute.
rule-found = Avec { $days ->
    [one] un jour
   *[other] { $days } jours
  }
rule-none = Aucune candidature n’a été attribuée dans cette période.
rule-same = ne changent pas
rule-gained = seraient attribuées
rule-lost = perdraient leur attribution
rule-moved = changeraient de personne
rule-winners = { $count ->
    [0] Personne n’en aurait davantage.
    [one] Une personne en aurait davantage.
   *[other] { $count } personnes en auraient davantage.
  }
rule-losers = { $count ->
    [0] Personne n’en aurait moins.
    [one] Une personne en aurait moins.
   *[other] { $count } personnes en auraient moins.
  }
rule-cut = Seules les { $count } candidatures dont il s’est passé quelque chose en dernier ont été rejouées.
rule-somebody = Un collègue
rule-now = Aujourd’hui
rule-then = Alors
rule-why = Pourquoi
rule-change = Changer la durée
rule-change-what = La nouvelle durée vaut pour ce qui sera décidé désormais. Personne ne perd une attribution déjà décidée.
rule-change-do = Changer la durée
flash-rule-changed = La nouvelle durée vaut désormais.
problem-attribution-window-days-invalid = Indiquez un nombre de jours, de 1 à 730.
