# Pages de l’hôte des liens courts, pour les personnes qui suivent un lien.

inactive-title = Ce lien ne mène nulle part
inactive-text = Il a peut-être été mal recopié, ou ce qu’il annonçait est terminé.

limited-title = Trop de requêtes
limited-text = Trop de requêtes viennent de votre réseau. Réessayez dans une minute.

unavailable-title = Indisponible pour le moment
unavailable-text = Ce lien ne peut pas répondre maintenant. Réessayez dans un instant.

long-title = Cette adresse est trop longue
long-text = L’adresse contient plus que ce qu’il faut à un lien court. Suivez le lien tel qu’il a été partagé.

info-title = Où mène ce lien
info-space = Il a été partagé dans le programme de { $space }.
info-destination = Il mène à :
info-fallback = Ce qu’il annonçait est terminé. Il mène maintenant à :
info-gone = Ce qu’il annonçait est terminé, et il ne mène plus nulle part.
info-go = Suivre le lien
info-report = Signaler ce lien
info-report-text = S’il vous paraît suspect, dites-le à { $space }, ou à la personne qui l’a partagé.
