using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

/// <summary>How people look for people.</summary>
public class NameSearchTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Names_are_found_with_and_without_tones_in_any_order_and_unfinished(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(
            Sample.Patient("a", "Nguyễn Văn An"),
            Sample.Patient("b", "Nguye\u0302\u0303n Thi\u0323 Hương"),
            Sample.Patient("c", "NGUYEN VAN ANH"),
            Sample.Patient("d", "Trần Đình  Ân"),
            Sample.Patient("e", "Lê Thị Đào")), None);

        Assert.Equal("a c", await FindAsync(store, ("name", "nguyen van an")));
        Assert.Equal("a c", await FindAsync(store, ("name", "Nguyễn Văn An")));
        Assert.Equal("a", await FindAsync(store, ("name:exact", "Nguyễn Văn An")));
        Assert.Equal("a c", await FindAsync(store, ("name", "van nguyen an")));
        Assert.Equal("a c", await FindAsync(store, ("name", "nguyen an")));
        Assert.Equal("c", await FindAsync(store, ("name", "nguyen anh")));
        Assert.Equal("b", await FindAsync(store, ("name", "Nguyễn Thị")));
        Assert.Equal("a b c", await FindAsync(store, ("name", "ng")));
        Assert.Equal("d e", await FindAsync(store, ("name", "đ")));
        Assert.Equal("d", await FindAsync(store, ("name", "tran an")));
        Assert.Equal("b e", await FindAsync(store, ("name", "thi h,dao")));
        Assert.Equal("a b c", await FindAsync(store, ("name", "nguyen"), ("birthdate", "1965")));
        Assert.Equal("", await FindAsync(store, ("name", "nguyen van"), ("birthdate", "1966")));
        Assert.Equal("a c", await FindAsync(store, ("name", "nguyen van"), ("birthdate", "1965-07-12")));
        Assert.Equal("", await FindAsync(store, ("name", "...")));
        Assert.Equal("", await FindAsync(store, ("name", "1 2 3 4 5 6 7 8 9 10")));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_list_by_name_holds_everybody_once_those_without_a_name_first(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(
            Sample.Patient("a", "Trần Bình"),
            Sample.Patient("b", "An An"),
            Sample.Put("Patient", "c", """{"resourceType":"Patient","id":"c"}""")), None);
        Assert.Equal("c b a", await WalkAsync(store, ("_sort", "name")));
        Assert.Equal("a b c", await WalkAsync(store, ("_sort", "-name")));
        Assert.Equal("b", await WalkAsync(store, ("name", "a")));
    }

    private static async Task<string> FindAsync(RecordStore store, params (string, string)[] pairs) =>
        string.Join(' ', (await store.SearchAsync(Parse(pairs), None)).Matches.Select(m => m.Id).Order(StringComparer.Ordinal));

    private static async Task<string> WalkAsync(RecordStore store, params (string, string)[] pairs) =>
        string.Join(' ', (await DifferentialTests.WalkAsync(store, Parse(pairs) with { Count = 1 }, "names")).Select(m => m.Id));

    private static SearchQuery Parse((string Name, string Value)[] pairs) =>
        SearchQuery.Parse("Patient", pairs.Select(p => new KeyValuePair<string, string>(p.Name, p.Value)));
}
