using System.Diagnostics;
using Mach.Data;
using Mach.Fhir.Search;
using Mach.Testing;

namespace Mach.Store.Tests.Search;

/// <summary>Among thousands of people a search looks at few of them; the clock is left to bench/.</summary>
public class ManyPeopleTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static readonly string[] Families = ["Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"];
    private static readonly string[] Middles = ["Văn", "Thị", "Văn", "Thị", "Đức", "Minh"];
    private static readonly string[] Givens = ["An", "Anh", "Bình", "Cường", "Dung", "Hà", "Hải", "Hạnh", "Hiền", "Hoa", "Hùng", "Hương", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Phương", "Thuyết"];

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task Common_words_do_not_make_a_search_long(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var random = new Random(3);
        for (var batch = 0; batch < 6; batch++)
        {
            await store.CommitAsync(Sample.Commit([.. Enumerable.Range(batch * 500, 500).Select(i => Person(random, i))]), None);
        }

        string[] questions = ["name=nguyen van an", "name=thuyet nguyen", "name=nguyen&birthdate=1965", "name=tran thi h&birthdate=1970", "name=nguyen&_sort=birthdate", "birthdate=1980&gender=male", "phone=0912000123", "name=ng", "_sort=name"];
        foreach (var question in questions)
        {
            var query = SearchQuery.Parse("Patient", question.Split('&').Select(p => p.Split('=')).Select(p => new KeyValuePair<string, string>(p[0], p[1])));
            await store.SearchAsync(query, None);
            var watch = Stopwatch.StartNew();
            var page = await store.SearchAsync(query, None);
            Assert.NotEmpty(page.Matches);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{question}: {watch.ElapsedMilliseconds} ms");
        }
    }

    private static Write Person(Random random, int i)
    {
        var name = $"{Families[random.Next(Families.Length)]} {Middles[random.Next(Middles.Length)]} {Givens[random.Next(Givens.Length)]}";
        return Sample.Put("Patient", "p" + i, $$"""
            {"resourceType":"Patient","id":"p{{i}}","name":[{"text":"{{name}}"}],"gender":"{{(i % 2 == 0 ? "male" : "female")}}","birthDate":"{{1940 + (i % 70)}}-0{{1 + (i % 9)}}-1{{i % 9}}","telecom":[{"system":"phone","value":"0912{{i:D6}}"}]}
            """, isNew: true);
    }
}
