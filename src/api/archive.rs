//! A bundle in one file, as the description has it.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// A zip archive: what `POST /imports` takes, and an export gives out.
pub(super) struct Archive;

impl PartialSchema for Archive {
    fn schema() -> RefOr<Schema> {
        let bytes = ObjectBuilder::new().schema_type(Type::String).content_media_type("application/zip");
        bytes.description(Some("A zip archive of a bundle's CSV files")).into()
    }
}

impl ToSchema for Archive {}
