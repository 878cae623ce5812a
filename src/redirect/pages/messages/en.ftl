# Pages of the short-link host, for people who follow a link.

inactive-title = This link leads nowhere
inactive-text = It may have been mistyped, or what it pointed to is over.

limited-title = Too many requests
limited-text = Too many requests came from your network. Please try again in a minute.

unavailable-title = Not available at the moment
unavailable-text = This link cannot be answered right now. Please try again in a moment.

long-title = This address is too long
long-text = The address holds more than a short link needs. Please follow the link as it was shared.

info-title = Where this link leads
info-space = It was shared in the programme of { $space }.
info-destination = It leads to:
info-fallback = What it pointed to is over. It now leads to:
info-gone = What it pointed to is over, and it leads nowhere now.
info-go = Follow the link
info-report = Report this link
info-report-text = If it looks wrong to you, tell { $space }, or whoever shared it.
