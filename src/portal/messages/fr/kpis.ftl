# Les chiffres du programme.

area-kpis = Chiffres
kpis-nav-overview = Vue d’ensemble
kpis-nav-live = En ce moment
kpis-title = Les chiffres du programme
kpis-back = À la vue d’ensemble

kpis-periods = Période
kpis-period-7d = 7 jours
kpis-period-30d = 30 jours
kpis-period-90d = 90 jours
kpis-period-quarter = Ce trimestre
kpis-period-last-quarter = Trimestre dernier
kpis-period-year = Cette année
kpis-period-other = D’autres dates
kpis-from = Premier jour
kpis-to = Dernier jour
kpis-show = Afficher
kpis-problem-date = Choisissez un jour entre 1970 et 2148.
kpis-problem-backwards = Le dernier jour précède le premier.
kpis-problem-too-long = Choisissez dix ans au plus.
kpis-from-to = du { $from } au { $to }
kpis-compared = comparé à la période { $before }
kpis-download-as = Télécharger en { $format }

kpis-away-title = Pas de chiffres en ce moment
kpis-away = Les clics restent enregistrés et seront comptés. Rechargez cette page dans une minute ; si cela dure, prévenez la personne qui exploite Relais.
kpis-too-long-title = Ces chiffres demandent trop de temps
kpis-too-long = Choisissez une période plus courte, ou rechargez cette page dans une minute.
kpis-too-many-title = Plus de chiffres qu’un tableur n’en accepte
kpis-too-many = Choisissez une période plus courte, ou téléchargez-les en CSV.
kpis-reload = Recharger

kpis-study-title = Ce qui fait vivre un programme
kpis-study-lead = À côté de chaque chiffre figure ce qu’a relevé une étude de six mois sur de nombreux programmes.
kpis-no-value = Rien à mesurer pour l’instant
kpis-of = { $part } sur { $whole }
kpis-divided = { $part } ÷ { $whole }
kpis-range = de { $low } à { $high }
kpis-before = Avant : { $value }
kpis-before-change = Avant : { $value }, soit { $change }
kpis-before-none = Pas de chiffre avant
kpis-up = en hausse de { $by }
kpis-down = en baisse de { $by }
kpis-same = sans changement
kpis-points = { $number } pts
kpis-euro = { $amount } €
kpis-study = Étude :
kpis-study-mean = moyenne
kpis-study-best = meilleur
kpis-study-lowest = plus bas
kpis-verdict-best = Au niveau du meilleur de l’étude, ou au-dessus
kpis-verdict-above = Au-dessus de la moyenne de l’étude
kpis-verdict-below = Au-dessous de la moyenne de l’étude
kpis-verdict-within = Entre les extrêmes de l’étude
kpis-verdict-lowest = Au-dessous du plus bas de l’étude

kpis-clicks-title = Qui a cliqué : personnes et machines
kpis-clicks-lead = Seules les personnes comptent comme clics. Les réseaux qui dessinent des aperçus, les robots et les antivirus de messagerie sont montrés à côté, jamais mélangés.
kpis-clicks-empty = Personne n’a cliqué pendant cette période. Les clics s’affichent ici une demi-minute après avoir eu lieu.
kpis-detail-class = Classe
kpis-detail-channel = Canal
kpis-class-human = Personnes
kpis-class-preview = Aperçus
kpis-class-bot = Robots
kpis-class-scanner = Antivirus
kpis-class-prefetch = Préchargements
kpis-class-head = Requêtes d’en-tête
kpis-class-self = Essais des auteurs
kpis-more = En savoir plus sur ce chiffre

kpis-jobs-title = Du clic à l’embauche
kpis-jobs-lead = Ce qu’ont donné les offres d’emploi partagées.
kpis-jobs-empty = Aucune offre n’a été cliquée et personne n’a postulé pendant cette période. Quand des offres seront partagées, leur chemin jusqu’à l’embauche figurera ici.
kpis-step-clicks = Clics sur des offres
kpis-step-applications = Candidatures
kpis-step-hires = Embauches
kpis-step-rate = { $rate } de l’étape précédente
kpis-stages-title = Candidatures arrivées à une étape
kpis-stage = Étape
kpis-stage-started = Formulaire ouvert
kpis-stage-applied = Candidature déposée
kpis-stage-screened = Présélection
kpis-stage-interview = Entretien
kpis-stage-offer = Proposition
kpis-stage-hired = Embauche
kpis-stage-probation-passed = Période d’essai validée
kpis-reached = Arrivées
kpis-went-on = Passées à la suite
kpis-ended = Arrêtées là
kpis-days = Jours jusqu’à la suite
kpis-days-hint = Jours jusqu’à la suite : la moitié de celles qui ont continué en ont pris moins.

kpis-every-title = Tous les chiffres

kpis-definition = Ce que cela veut dire
kpis-counts = Compte
kpis-over = Divisé par
kpis-unit = Unité
kpis-version = Définition
kpis-classifier = Classement des clics
kpis-classifier-none = Aucun clic pendant cette période
kpis-withheld-rule = Groupes de personnes
kpis-withheld-people = Masqués au-dessous de { $people } personnes
kpis-withheld-some = Masqués quand ils sont trop petits
kpis-definitions = Définition
kpis-split-by = Répartir par
kpis-no-data-title = Rien à montrer pour cette période
kpis-no-data = Choisissez une période plus longue. Les chiffres s’affichent dès que des contenus sont partagés.
kpis-over-time = { $name } par { $bucket }
kpis-as-table = En tableau
kpis-chart = Graphique. Les mêmes chiffres figurent dans le tableau qui suit.
kpis-parts-title = Par { $by }
kpis-parts-empty = Aucune part de ce genre pendant la période.
kpis-value = Valeur
kpis-bar = Comparaison
kpis-estimate = Du bas au haut
kpis-parts = Composée de
kpis-share = Part du tout
kpis-key = Nom
kpis-withheld = Masqué
kpis-why-withheld = Masqué : moins de { $people } personnes, ou un groupe qui en trahirait un si petit.
kpis-why-withheld-some = Masqué : trop peu de personnes, ou un groupe qui en trahirait un si petit.
kpis-not-a-sum = La somme de ces parts n’est pas le tout : une même chose peut être dans plusieurs.
kpis-hours-title = Quand les gens cliquent
kpis-hours-lead = Clics de personnes, par jour de la semaine et heure locale. Plus c’est foncé, plus il y en a.
kpis-hour = Heure
kpis-hour-of = { $hour } h
kpis-week = Semaine { $week }, { $year }
kpis-quarter = T{ $quarter } { $year }

kpis-by-nothing = Rien
kpis-by-day = jour
kpis-by-week = semaine
kpis-by-month = mois
kpis-by-quarter = trimestre
kpis-by-team = équipe
kpis-by-location = lieu
kpis-by-language = langue
kpis-by-cohort = cohorte
kpis-by-advocate-kind = type de personne
kpis-by-advocate = personne (consigné au journal)
kpis-by-content = contenu
kpis-by-content-kind = type de contenu
kpis-by-campaign = campagne
kpis-by-channel = canal
kpis-by-country = pays
kpis-none-team = Sans équipe
kpis-none-location = Sans lieu
kpis-none-language = Sans langue
kpis-none-cohort = Sans cohorte
kpis-none-advocate-kind = Personnes inconnues
kpis-none-advocate = Personnes inconnues
kpis-none-content = Contenus inconnus
kpis-none-content-kind = Contenus inconnus
kpis-none-campaign = Sans campagne
kpis-none-channel = Canal inconnu
kpis-none-country = Pays inconnu

kpis-live-title = En ce moment
kpis-live-lead = Les 30 dernières minutes. Cette page se renouvelle toutes les quelques secondes ; aucune personne qui clique n’est identifiée, aucun ambassadeur n’est nommé.
kpis-live-people = { $count ->
    [one] { $count } clic d’une personne
   *[other] { $count } clics de personnes
  }
kpis-live-others = { $count ->
    [one] et { $count } requête d’une machine
   *[other] et { $count } requêtes de machines
  }
kpis-live-at = État au { $time }
kpis-live-minutes = Par minute
kpis-live-chart = Les personnes au-dessus de la ligne, tout le reste au-dessous. Les mêmes nombres figurent dans le tableau qui suit.
kpis-live-quiet = Rien pendant les 30 dernières minutes. Un clic s’affiche ici en quelques secondes.
kpis-live-minute = Minute
kpis-live-left-out = Les minutes sans clic sont omises.
kpis-live-fresh = Derniers contenus cliqués
kpis-live-content = Contenu
kpis-live-clicks = Clics
kpis-live-when = Le dernier
kpis-live-ago = { $count ->
    [0] à l’instant
    [one] il y a une minute
   *[other] il y a { $count } minutes
  }
kpis-live-new-content = Un nouveau contenu
