# Pages de connexion et de déconnexion.

sign-in-title = Connexion
sign-in-space = Vous vous connectez à { $space }.
sign-in-which = Nom de votre espace
sign-in-email = Votre adresse électronique
sign-in-send = Recevoir un code
sign-in-provider = Continuer avec { $provider }
sign-in-bad-email = Ce n’est pas une adresse électronique : vérifiez-la et réessayez.
sign-in-bad-space = Aucun espace ne porte ce nom : vérifiez-le, ou demandez à la personne qui vous a invité.

code-title = Regardez vos courriels
code-sent = Si cette adresse peut se connecter, un courriel avec un code est en route. Gardez cette page ouverte et saisissez le code ici.
code-label = Code
code-button = Se connecter
code-wrong = Ce code n’est pas (ou plus) valable. Vérifiez-le, ou demandez-en un autre.
code-again = Demander un autre code

link-button = Se connecter
away-title = Un instant
away-go = Continuer vers la connexion de votre entreprise

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

home-who = Vous êtes connecté en tant que { $who }.
home-role-advocate = Vous participez comme ambassadeur.
home-role-marketing = Vous participez pour le marketing.
home-role-recruiter = Vous participez pour le recrutement.
home-role-admin = Vous administrez cet espace.
home-sessions = Où vous êtes connecté
home-since = Depuis
home-seen = Dernière utilisation
home-this = Ce navigateur
home-end = Déconnecter là-bas
home-out = Se déconnecter
home-everywhere = Se déconnecter partout
