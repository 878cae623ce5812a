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
