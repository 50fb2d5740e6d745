using Mach.Fhir.Search;

namespace Mach.Store.Parameters;

/// <summary>The search parameters as of a version of their set (counter 4).</summary>
internal sealed record CatalogState(SearchCatalog Catalog, long Version)
{
    public static readonly CatalogState Standard = new(SearchCatalog.Standard, 0);
}

/// <summary>The set of parameters has changed since a write was prepared: its index rows may be too few.</summary>
internal sealed class CatalogChangedException() : Exception("The search parameters of the store have changed.");
