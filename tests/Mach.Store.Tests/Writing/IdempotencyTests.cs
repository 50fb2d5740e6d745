using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Writing;

public class IdempotencyTests : StoreTests
{
    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_repeated_key_answers_with_the_first_result(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var commit = Sample.Commit(Sample.Patient("p1"), Sample.Observation("o1", "p1")) with { IdempotencyKey = "gói 1" };
        var first = await store.CommitAsync(commit, None);
        test.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Tên mới")), None);
        var again = await store.CommitAsync(commit, None);

        Assert.True(again.Replayed);
        Assert.Equal((first.Tx, first.At), (again.Tx, again.At));
        Assert.Equal(first.Versions, again.Versions);
        Assert.Contains("Tên mới", Sample.Text((await store.ReadAsync("Patient", "p1", None))!.Body), StringComparison.Ordinal);
        await AssertCleanAsync(store, 2, 3);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_same_key_from_many_at_once_is_written_once(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var other = await test.OpenStoreAsync(test.OpenAnother());
        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            (i % 2 == 0 ? store : other).CommitAsync(Sample.Commit(Sample.Patient("p1", $"Lần {i}")) with { IdempotencyKey = "một lần" }, None))));

        Assert.Single(results, r => !r.Replayed);
        Assert.All(results, r => Assert.Equal((1L, 1), (r.Tx, r.Versions[0].Version)));
        await AssertCleanAsync(store, 1, 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_key_alone_is_remembered(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var commit = new Commit { Actor = "test", Writes = [], IdempotencyKey = "trống" };
        Assert.Equal(1, (await store.CommitAsync(commit, None)).Tx);
        Assert.True((await store.CommitAsync(commit, None)).Replayed);
        await AssertCleanAsync(store, 1, 0);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_unique_key_has_one_holder_however_many_race_for_it(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var other = await test.OpenStoreAsync(test.OpenAnother());
        var won = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i % 2 == 0 ? store : other).CommitAsync(Sample.Commit(Sample.Patient($"p{i}")) with { Claims = [new UniqueClaim("cccd|025165000001", "Patient", $"p{i}")] }, None);
                Interlocked.Increment(ref won);
            }
            catch (CommitConflictException)
            {
                Assert.Null(await store.ReadAsync("Patient", $"p{i}", None));
            }
        })));

        Assert.Equal(1, won);
        await AssertCleanAsync(store, 1, 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_holder_of_a_unique_key_may_claim_it_again(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        UniqueClaim[] claim = [new("cccd|025165000001", "Patient", "p1")];
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")) with { Claims = claim }, None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Tên mới")) with { Claims = claim }, None);
        await Assert.ThrowsAsync<ClaimHeldException>(() => store.CommitAsync(
            Sample.Commit(Sample.Patient("p3"), Sample.Patient("p4")) with { Claims = [new("k", "Patient", "p3"), new("k", "Patient", "p4")] }, None));
        await AssertCleanAsync(store, 2, 2);
    }
}
