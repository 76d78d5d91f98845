"""Static files under names that carry their content's hash, ES module imports included."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class Files(CompressedManifestStaticFilesStorage):
    """Hashed and compressed static files that may import each other as ES modules."""

    support_js_module_import_aggregation = True
