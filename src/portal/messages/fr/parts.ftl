# Le cadre de toutes les pages, les avis, les formulaires.

skip = Aller au contenu
areas = Parties du portail
pages = Pages
trail = Chemin
foot = Propulsé par Relais. Ni cookie ni profil des personnes qui lisent vos liens, aucun partage automatique.
area-share = Partager

pager = Suite de la liste
pager-previous = Précédent
pager-next = Suivant

form-refused = Quelques champs sont à revoir :
problem-required = À remplir.
problem-invalid = Cette valeur n’a pas la forme attendue.
problem-too-long = C’est trop long.
problem-not-found = Il n’y a rien de ce nom ici.

over-title = Ce lien n’est plus valable
over-text = Il a déjà servi, ou il est trop ancien. Demandez-en un autre.
elsewhere-title = Ce lien a été demandé dans un autre navigateur
elsewhere-text = Ouvrez-le dans le navigateur où vous l’avez demandé, ou saisissez-y le code du même courriel.
provider-title = La connexion n’a pas abouti
provider-text = La connexion de votre entreprise ne vous a pas ouvert cet espace. Réessayez, connectez-vous par courriel, ou demandez à la personne qui anime le programme.
refused-title = Cette demande ne vient pas d’une page de ce site
refused-text = Revenez à la page, rechargez-la et réessayez.
slow-title = Trop de tentatives
slow-text = Trop de tentatives viennent de votre réseau. Réessayez dans une minute.
missing-title = Il n’y a rien ici
missing-text = L’adresse a peut-être été mal recopiée.
failed-title = Quelque chose n’a pas fonctionné
failed-text = L’incident est consigné. Réessayez dans un instant.
notice-back = À la première page
notice-sign-in = Se connecter
forbidden-title = Cette page n’est pas pour votre rôle
forbidden-text = Si vous devriez y avoir accès, demandez à la personne qui administre cet espace.
malformed-title = Cette demande est incomplète
malformed-text = Revenez à la page, rechargez-la et réessayez.
closed-title = Cet espace est fermé
closed-text = Plus rien n’y change pour le moment. La personne qui l’administre peut le rouvrir.
conflict-title = Ce n’est pas possible en ce moment
conflict-text = Quelque chose a changé entre-temps. Revenez en arrière, rechargez la page et réessayez.
