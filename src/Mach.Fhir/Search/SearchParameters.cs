namespace Mach.Fhir.Search;

/// <summary>The standard's parameters, for what does not depend on a store; see <see cref="SearchCatalog"/>.</summary>
public static class SearchParameters
{
    /// <inheritdoc cref="SearchCatalog.All"/>
    public static IReadOnlyList<SearchParameter> All => SearchCatalog.Standard.All;

    /// <inheritdoc cref="SearchCatalog.ForType"/>
    public static IReadOnlyList<SearchParameter> ForType(string type) => SearchCatalog.Standard.ForType(type);

    /// <inheritdoc cref="SearchCatalog.Find"/>
    public static SearchParameter? Find(string type, string code) => SearchCatalog.Standard.Find(type, code);

    internal static SearchParameter? FindInternal(string type, string code) => SearchCatalog.Standard.FindInternal(type, code);

    internal static SearchParameter? PrimaryDate(string type) => SearchCatalog.Standard.PrimaryDate(type);
}
