# Ce que les responsables voient de leurs équipes.

area-team = Équipes
team-nav = Équipes
team-title = Les équipes par trimestre
team-quarters = Trimestres
team-before = Avant
team-after = Après
team-lead = Chaque équipe dans son ensemble. Les chiffres de personne en particulier ne figurent ici, et personne n’est classé.
team-empty-next = Quand un administrateur aura créé des équipes, leurs chiffres s’afficheront ici.
team-away = Les chiffres ne sont pas disponibles en ce moment ; réessayez dans une minute.
team-team = Équipe
team-people = Personnes
team-kpi-advocates-registered = Inscrits
team-kpi-active-sharer-ratio = Ont partagé
team-kpi-shares = Partages
team-kpi-clicks = Clics
team-kpi-clicks-per-share = Clics par partage
team-withheld = Trop peu
team-why-withheld = Les chiffres de groupes trop petits ne sont pas montrés, pour que personne ne puisse y être reconnu.
team-aims = Objectifs du trimestre
