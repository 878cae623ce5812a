//! Small closed lists of the programme, each with the text that the API, ClickHouse and the
//! exchange bundle use, and the number that a spool record keeps.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal / $number:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant = $number),+ }

        impl $name {
            /// Every value, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands at every edge.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The number that a record keeps; never reused.
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The value of a number that a record kept, if this version knows it.
            pub const fn from_number(number: u8) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::kind::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::model::kind::UnknownWord { known: &[$($text),+] }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                crate::model::schema::one_of(Self::ALL.iter().map(|word| word.as_str()))
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use words;

/// The word is not in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of: {}", known.join(", "))]
pub struct UnknownWord {
    /// Every word of the list.
    pub known: &'static [&'static str],
}

words! {
    /// What the brand proposes for sharing.
    ContentKind {
        /// A text to read.
        Article = "article" / 1,
        /// A contest or a promotion.
        Campaign = "campaign" / 2,
        /// A job offer.
        Job = "job" / 3,
        /// A promotional video.
        Video = "video" / 4,
        /// Something that takes place.
        Event = "event" / 5,
    }
}

words! {
    /// How far a content is, at an instant.
    ContentState {
        /// Nobody said when it is proposed.
        Draft = "draft" / 1,
        /// It will be proposed.
        Scheduled = "scheduled" / 2,
        /// It is proposed.
        Published = "published" / 3,
        /// It is over, as was said before.
        Expired = "expired" / 4,
        /// Somebody, or its feed, put an end to it.
        Archived = "archived" / 5,
    }
}

words! {
    /// Who shares.
    AdvocateKind {
        /// On the company's pay roll.
        Employee = "employee" / 1,
        /// A reseller or another company's person.
        Partner = "partner" / 2,
        /// A customer of the brand.
        Customer = "customer" / 3,
        /// Somebody with an audience of their own.
        Influencer = "influencer" / 4,
    }
}

words! {
    /// How Relais knows of a share.
    ShareSource {
        /// The link was copied.
        Copy = "copy" / 1,
        /// A network's own share window was opened with it.
        Intent = "intent" / 2,
        /// Somebody said so.
        Declared = "declared" / 3,
        /// It came with a bundle.
        Import = "import" / 4,
    }
}

words! {
    /// A part of what a role may do, to which a token can be narrowed.
    Scope {
        /// Reads whatever the role may read, and changes nothing.
        Read = "read" / 1,
        /// Reads and changes the space's settings.
        Space = "space" / 2,
        /// Reads and changes advocates and teams.
        People = "people" / 3,
        /// Reads and changes contents and campaigns.
        Contents = "contents" / 4,
        /// Reads and changes links and shares.
        Links = "links" / 5,
        /// Reads and changes applications, and reports conversions.
        Referrals = "referrals" / 6,
        /// Reads and changes webhooks.
        Webhooks = "webhooks" / 7,
        /// Imports and exports.
        Exchange = "exchange" / 8,
        /// Lists, makes and revokes tokens.
        Tokens = "tokens" / 9,
    }
}

words! {
    /// What a principal may do in a space.
    Role {
        /// Sees itself and its own links.
        Advocate = "advocate" / 1,
        /// Publishes, and reads aggregates.
        Marketing = "marketing" / 2,
        /// Publishes jobs, and attributes referrals.
        Recruiter = "recruiter" / 3,
        /// Sets the space up.
        Admin = "admin" / 4,
        /// Runs the installation: every space's set-up, no person's figures.
        Operator = "operator" / 5,
    }
}
