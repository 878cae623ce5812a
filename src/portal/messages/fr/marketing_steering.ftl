# Campagnes, flux, objectifs.

aim-of = sur { $target }
aim-percent = { $percent ->
   *[other] { $percent } % de l’objectif
 }
aim-reached = Atteint
aim-target = à atteindre : { $target }
aim-euro = { $amount } €
target-in-percent = en %
target-in-euros = en €
problem-target-invalid = Écrivez un nombre, au moins 0.

campaigns-title = Campagnes
campaigns-add = Nouvelle campagne
campaigns-empty = Aucune campagne pour l’instant
campaigns-empty-next = Une campagne réunit des contenus, vise un objectif et se met en pause partout à la fois.
campaign-is-running = En cours
campaign-is-planned = À venir
campaign-is-over = Terminée
campaign-is-paused = En pause
campaign-dates = Du { $from } au { $to }
campaign-from = À partir du { $from }
campaign-until = Jusqu’au { $to }
campaign-no-dates = Sans dates
campaign-new-title = Nouvelle campagne
campaign-edit = Modifier
campaign-pause = Mettre en pause
campaign-resume = Reprendre
campaign-paused-note = En pause partout : ses liens mènent à la page de repli, et ses contenus ne sont proposés à personne.
campaign-away = Les chiffres ne sont pas disponibles pour l’instant ; les clics sont enregistrés entre-temps. Réessayez dans une minute.
campaign-objective = Objectif
campaign-objective-none = Cette campagne ne vise encore rien.
campaign-objective-set = Fixer un objectif
campaign-objective-hint = Un chiffre à atteindre entre le premier et le dernier jour.
campaign-no-objective = Aucun
campaign-not-begun = Elle n’a pas commencé : les chiffres viendront avec le premier jour.
campaign-days = Du { $from } au { $to }.
campaign-no-contents = Elle est encore vide. Choisissez-la dans le formulaire d’un contenu.
campaign-name = Nom
campaign-starts = Premier jour
campaign-ends = Dernier jour
campaign-kpi = Chiffre
campaign-target = À atteindre
campaign-slug = Nom dans les liens
campaign-slug-hint = Pour utm_campaign : a-z, 0-9 et tirets. Vide : tiré du nom.
campaign-external-id = Clé
campaign-external-id-hint = Le nom de la campagne dans votre propre système.
campaign-stale = Quelqu’un d’autre a modifié cette campagne pendant que vous y travailliez. Rien de votre version n’est enregistré : comparez, puis enregistrez de nouveau pour mettre la vôtre à la place.
flash-campaign-made = Prête : { $what }. Ajoutez-y des contenus.
flash-campaign-changed = Enregistré : { $what }
flash-campaign-paused = En pause : { $what }. D’ici deux secondes, ses liens mènent partout à la page de repli.
flash-campaign-resumed = Reprise : { $what }. Ses liens fonctionnent de nouveau d’ici deux secondes.
problem-slug-invalid = Utilisez a-z, 0-9 et des tirets, 63 caractères au plus.
problem-slug-slug-taken = Une autre campagne porte ce nom dans les liens.
problem-starts-on-invalid = Ce n’est pas une date.
problem-ends-on-invalid = Ce n’est pas une date, ou elle précède le premier jour.

pause-title = Mettre « { $name } » en pause ?
pause-what = D’ici deux secondes, partout :
pause-contents = { $count ->
    [0] Elle est encore vide : rien ne change pour personne.
    [one] Les liens vers son unique contenu cessent d’y mener.
   *[other] Les liens vers ses { $count } contenus cessent d’y mener.
 }
pause-fallback = Qui clique arrive à la page de repli du contenu ou, à défaut, à { $url }.
pause-no-fallback = Qui clique arrive à la page de repli du contenu ; à défaut, une page dit que c’est terminé.
pause-shelf = Ces contenus ne sont plus proposés au partage.
pause-figures = Les clics reçus entre-temps sont enregistrés et n’entrent dans aucun chiffre.
pause-back = Vous pourrez reprendre à tout moment : les mêmes liens fonctionneront de nouveau.
pause-now = Mettre en pause maintenant

feeds-title = Flux
feeds-add = Ajouter un flux
feeds-tab-review = À examiner
feeds-tab-sources = Sources
feeds-empty = Aucun flux pour l’instant
feeds-empty-next = Votre blog, votre chaîne YouTube ou votre site d’emploi peuvent proposer d’eux-mêmes des contenus. Vous décidez de ce qui est publié.
feed-new-title = Ajouter un flux
feed-url = Adresse
feed-url-hint = D’un flux (RSS, Atom), d’un flux d’offres d’emploi, d’une chaîne YouTube ou d’une page qui indique son flux.
feed-publish = Ce qui est nouveau
feed-publish-review = attend la décision de quelqu’un
feed-publish-automatic = est publié aussitôt
feed-content-kind = Ses entrées sont
feed-content-kind-usual = Ce qu’elles sont d’ordinaire
feed-kind = Ce qui s’y trouve
feed-kind-auto = À découvrir
feed-kind-rss = RSS
feed-kind-atom = Atom
feed-kind-youtube = Chaîne YouTube
feed-kind-jobs-xml = Flux d’offres d’emploi (XML)
feed-kind-job-posting = Page d’une offre d’emploi
feed-interval = Passage
feed-every-15 = Tous les quarts d’heure
feed-every-60 = Toutes les heures
feed-every-360 = Toutes les six heures
feed-every-1440 = Tous les jours
feed-every-10080 = Toutes les semaines
feed-every-minutes = { $count ->
    [one] Toutes les minutes
   *[other] Toutes les { $count } minutes
 }
feed-close-missing = Clore les offres qui disparaissent
feed-close-missing-hint = Une offre absente deux passages de suite est terminée.
feed-failed = Relais réessaie de lui-même ; vérifiez l’adresse si cela dure.
feed-why-unreadable = Ce qui se trouve à cette adresse n’est pas un flux, ou il est abîmé.
feed-why-too-large = Le flux dépasse 1 Mio : prenez-en un qui a moins d’éléments.
feed-why-other = Le dernier passage a échoué.
feed-is-paused = En pause
feed-is-failing = En échec
feed-is-automatic = Publie de lui-même
feed-status-new = Pas encore visité
feed-status-read = Lu
feed-status-unchanged = Rien de nouveau
feed-status-failing = Le dernier passage a échoué
feed-visited = { $when }
feed-became = { $count ->
    [0] aucun contenu pour l’instant
    [one] { $count } contenu
   *[other] { $count } contenus
 }
feed-waiting = { $count } à examiner
feed-pause = Mettre en pause
feed-resume = Reprendre
feed-remove = Retirer ce flux
feed-remove-title = Retirer
feed-remove-what = Ses propositions disparaissent avec lui. Ce qui est devenu un contenu reste.
flash-feed-added = Ajouté : { $what }. Il est visité dans les secondes qui suivent.
flash-feed-changed = Enregistré : { $what }
flash-feed-paused = En pause : { $what }
flash-feed-resumed = Repris : { $what }. Il est visité dans les secondes qui suivent.
problem-close-missing-invalid = Seules les offres d’emploi peuvent être closes quand elles disparaissent.
problem-interval-minutes-invalid = De cinq minutes à une semaine.

review-feed = Flux
review-any-feed = Tous
review-show = Afficher
review-filter = Afficher
review-state-proposed = Ce qui attend
review-state-rejected = Ce qui a été écarté
review-state-refused = Ce qui ne peut être partagé
review-refused-why = Déjà terminé, ou à une adresse que votre espace n’autorise pas.
review-empty = Tout est décidé
review-empty-next = Ce que les flux trouveront ensuite attendra ici.
review-none-found = Rien ne correspond
review-all = Afficher ce qui attend
review-tick = Choisir « { $title } »
review-accept = Publier
review-dismiss = Écarter
review-ticked = ce qui est coché
review-hint = Cochez puis décidez, ou ouvrez une proposition par son titre pour la modifier d’abord.
proposal-title = Proposé par { $feed }
flash-review-none = Cochez d’abord ce dont vous décidez.
flash-review-accepted = Publiés : { $what }
flash-review-some-accepted = Publiés : { $what }. Les autres demandent un coup d’œil : ouvrez-les par leur titre.
flash-review-dismissed = Écartés : { $what }

objectives-title = Objectifs par trimestre
objectives-whole = Tout le programme
objectives-of = { $who }, { $quarter }
objectives-empty = Rien n’est encore visé pour ce trimestre.
objectives-set = Fixer des objectifs
objectives-change = Modifier
objectives-to-come = Ce trimestre est à venir : ce qui en sera fait figurera en regard de chaque objectif.
objectives-teams = Équipes sans objectif
objectives-teams-hint = Les objectifs sont ceux d’une équipe, jamais d’une personne. Ses responsables les voient sur leur propre page.
objectives-form-lead = Indiquez ce que vous visez, et laissez le reste vide.
objectives-study = Dans une étude de tels programmes : { $mean } en moyenne, { $best } au mieux.
objectives-study-best = Dans une étude de tels programmes : { $best } au mieux.
flash-objectives-set = Les objectifs de { $what } sont fixés.
flash-objectives-none = Plus rien n’est visé.

charter-read-lead = Ce que chacun lit et accepte avant son premier lien, version par version. Les administrateurs publient la suivante.
charter-read-empty = Pas encore de charte
charter-read-empty-next = Rien n’est demandé avant un nouveau lien tant qu’un administrateur n’en a pas publié.
