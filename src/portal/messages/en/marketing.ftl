# Contents, as those who publish see them.

area-marketing = Publish
marketing-nav-contents = Contents
marketing-nav-campaigns = Campaigns
marketing-nav-feeds = Feeds
marketing-nav-objectives = Objectives
marketing-nav-charter = Charter
marketing-nav-reports = Reports

language-fr = French
language-en = English
language-de = German
language-es = Spanish
language-it = Italian
language-nl = Dutch
language-pt = Portuguese

contents-title = Contents
contents-add = New content
contents-search = Title, summary or address
contents-find = Search
contents-filters = Filters
contents-filter-state = State
contents-any = All
contents-clear = Show everything
contents-count = { $count ->
    [one] One content
   *[other] { $count } contents
  }
contents-figures = Shares and clicks of the last { $days } days.
contents-figures-campaign = Shares and clicks in the days of the campaign.
contents-show-figures = Show shares and clicks
contents-state-draft = Drafts
contents-state-scheduled = Scheduled
contents-state-published = Published
contents-state-expired = Expired
contents-state-archived = Archived
contents-empty = Nothing to share yet
contents-empty-next = Paste the address of an article, a video or a job: title, summary and picture come along.
contents-none-found = Nothing fits
contents-none-found-next = Search less precisely, or take a filter away.

content-is-draft = Draft
content-is-scheduled = Scheduled
content-is-published = Published
content-is-expired = Expired
content-is-archived = Archived
content-since-draft = A draft that nobody sees yet.
content-since-scheduled = Will be published on
content-since-published = Published on
content-since-expired = Expired on
content-since-archived = Archived on
content-came = { $shares } shares and { $clicks } clicks in { $days } days
content-shares = Shares
content-clicks = Clicks

content-new-title = New content
content-other-address = Another address
content-what = What it is
content-kind = Kind
content-title = Title
content-url = Address
content-url-hint = Where its links lead.
content-summary = Summary
content-summary-hint = One or two sentences, for those who share and for the card that networks show.
content-image = Address of a picture
content-image-hint = Relais fetches it once and serves it itself.
content-campaign = Campaign
content-campaign-none = None
content-external-id = Reference of the job
content-external-id-hint = As your applicant system calls it; ties applications to this job.
content-texts = Suggested texts
content-texts-hint = People start from one in their own language and make it theirs.
content-text-of = Text { $number }
content-text-words = Text
content-text-language = Language of the text
content-text-channel = Channel of the text
content-text-any-language = Any language
content-text-any-channel = Any channel
content-texts-more = An empty row is left out; two more appear each time you save.
content-audience = Audience
content-audience-hint = Whoever fits every list that you tick something in. Tick nothing, and it is for everybody.
content-teams = Teams
content-locations = Places of work
content-languages = Languages
content-kinds = Profiles
content-skills = Skills
content-when = When
content-when-hint = Times are those of { $zone }.
content-published-at = Publish on
content-published-at-hint = Empty: a draft.
content-expires-at = Expires on
content-expires-at-hint = Empty: it does not.
content-fallback = Then lead to
content-fallback-hint = Where its links lead once it is over; empty: the space’s own page for that.
content-more = More
content-tracks = Track what happens after the click
content-tracks-hint = Adds the click’s number to the address, so that your site can report conversions and applications.
content-forward = Pass the link’s parameters on
content-forward-hint = What stands behind the question mark of a link is added to the address.
content-publish = Publish now
content-save = Save
content-save-draft = Save
content-cancel = Cancel
content-preview = Preview
content-restore = Bring back
content-archive = Archive
content-archive-job = Position filled
content-archive-title = Put an end to it
content-archive-job-title = Is the position filled?
content-archive-what = Nobody is proposed it any more, and its links lead to the fallback. Figures stay; you can bring it back.
content-stale = Somebody else changed this content while you were editing. Nothing of yours is saved yet: it differs in { $fields }. Compare, then save again to put yours in its place.
content-stale-same = Somebody else changed this content while you were editing. Nothing of yours is saved yet. Compare, then save again.
content-stale-look = See it as it stands

reach-everybody = { $count ->
    [0] There is nobody here yet.
    [one] Reaches the one person here.
   *[other] Reaches all { $count } people.
  }
reach-some = Reaches { $count } of { $of } people.
reach-nobody = Reaches nobody: untick something.

paste-url = Paste an address
paste-url-hint = Of an article, a video, an event or a job. Title, summary and picture come from the page.
paste-look = Look it up
paste-or = Or
paste-by-hand = fill everything in by hand
paste-job = write a job
paste-feeds = let a feed propose
look-read = Title, summary and picture come from the page: have a look, and make them yours.
look-says-nothing = The page says nothing of itself: fill in title and summary by hand.
look-known = You have a content at this address already:
look-unread = { $why } Fill the fields in by hand: the link works all the same.
look-why-unreachable = The site does not answer.
look-why-tls-failed = The site cannot prove who it is: its certificate is not in order.
look-why-too-many-redirects = The address leads on and on.
look-why-too-slow = The site took too long to answer.
look-why-refused-by-site = The site does not show this page to Relais.
look-why-host-unknown = There is no site at this address.
look-why-address-not-public = This address is not on the public internet.
look-why-port-not-allowed = Relais reads sites on ports 80 and 443 only, unless its operator opens others.
look-why-invalid-url = This is not the address of a site.
look-why-not-a-page = There is a file at this address, not a page.
look-why-other = The page could not be read.

preview-title = How it is shown
preview-shelf = To those who share
preview-network = On a network
preview-no-texts = There is none: people write their own, or share the link alone.
preview-any = For everybody
preview-share = Share it yourself
preview-is-draft = This is a draft: nobody is shown it yet.
preview-is-scheduled = This is scheduled: nobody is shown it yet.
preview-is-expired = This has expired: nobody is shown it any more.
preview-is-archived = This is archived: nobody is shown it any more.

flash-content-drafted = Saved as a draft: { $what }
flash-content-scheduled = Scheduled: { $what }
flash-content-published = Published: { $what }
flash-content-archived = Archived: { $what }
flash-content-restored = Brought back: { $what }

problem-url-invalid-url = This is no address: it begins with https://.
problem-url-own-host = This is a short link of this installation: use the address that it leads to.
problem-url-domain-not-allowed = Your space does not allow links to this domain: ask the person who administers it.
problem-url-feed-exists = You have a feed at this address already.
problem-url-content-exists = You have a content at this address already: dismiss the proposal.
problem-image-url-invalid-url = This is no address of a picture: it begins with https://.
problem-fallback-url-invalid-url = This is no address: it begins with https://.
problem-fallback-url-own-host = This is a short link of this installation: use the address that it leads to.
problem-fallback-url-domain-not-allowed = Your space does not allow links to this domain.
problem-published-at-invalid = This is no date with a time.
problem-expires-at-invalid = This is no date with a time, or it is not later than the publication.
