using Mach.Data;
using Mach.Fhir.Search;
using Mach.Kernel;
using Mach.Store.Hashing;
using Mach.Store.Reading;

namespace Mach.Store;

/// <summary>
/// The record as one caller may see it. Doors read through <see cref="RecordStore.As"/>; only the house's own work reads through the store itself.
/// What is hidden is not there: no row, no count, no page, no difference in an answer.
/// </summary>
public partial class RecordView
{
    private protected readonly StoreSecret _secret;
    private readonly Func<SearchCatalog> _catalog;
    private readonly SightSql _sight;
    private readonly IShown? _shown;

    private protected RecordView(Db db, StoreSecret secret, Func<SearchCatalog> catalog, Sight sight) =>
        (Db, _secret, _catalog, _sight) = (db, secret, catalog, new SightSql(sight, catalog, secret.Hash));

    /// <summary>The same record with another sight.</summary>
    private protected RecordView(RecordView other, Sight sight, IShown? shown) : this(other.Db, other._secret, other._catalog, sight) => _shown = shown;

    public Db Db { get; }

    /// <summary>The search parameters of this store: the standard's, and those that SearchParameter resources have added.</summary>
    public SearchCatalog Catalog => _catalog();

    /// <summary>Index hash of a key ("system|code", "|code", unit) of a search parameter.</summary>
    internal long Hash(short parameter, string key) => _secret.Hash(parameter, key);

    internal static RecordView Of(RecordView store, Sight sight, IShown? shown = null) => new(store, sight, shown);

    /// <summary>Says what is given out. Whatever leaves a view passes here.</summary>
    private T Shown<T>(T given, IEnumerable<StoredResource> resources)
    {
        if (_shown is not null)
        {
            foreach (var resource in resources)
            {
                _shown.Show(resource.Type, resource.Id, resource.Body.Span);
            }
        }

        return given;
    }

    private SearchPage Shown(SearchPage page) => Shown(Shown(page, page.Matches), page.Included);
}
