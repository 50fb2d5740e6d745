using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Writing;

public class CommitTests : StoreTests
{
    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task What_was_written_is_read_with_version_and_time(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var write = Sample.Patient("p1");
        var result = await store.CommitAsync(Sample.Commit(write), None);

        Assert.Equal(1, result.Tx);
        Assert.False(result.Replayed);
        Assert.Equal([new WrittenVersion("Patient", "p1", 1, true, true)], result.Versions);
        var read = await store.ReadAsync("Patient", "p1", None);
        Assert.NotNull(read);
        Assert.Equal(Sample.Text(write.Body), Sample.Text(read.Body));
        Assert.Equal((1, 1L, false), (read.Version, read.Seq, read.IsDeleted));
        Assert.Equal(test.Clock.Now, read.LastUpdated);
        var json = Sample.Json(read);
        Assert.Equal("1", (string?)json["meta"]!["versionId"]);
        Assert.Equal("2026-01-15T01:00:00.000000Z", (string?)json["meta"]!["lastUpdated"]);
        await AssertCleanAsync(store, 1, 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_correction_is_a_new_version_and_the_old_one_stays(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Observation("o1", "p1", "5.6", encounter: "e1")), None);
        var result = await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", "7.1", "2025-07-02")), None);

        Assert.Equal(2, result.Versions[0].Version);
        Assert.Contains("7.1", Sample.Text((await store.ReadAsync("Observation", "o1", None))!.Body), StringComparison.Ordinal);
        Assert.Contains("5.6", Sample.Text((await store.ReadVersionAsync("Observation", "o1", 1, None))!.Body), StringComparison.Ordinal);
        Assert.Null(await store.ReadVersionAsync("Observation", "o1", 3, None));
        Assert.Equal([2, 1], (await store.HistoryAsync("Observation", "o1", 10, null, None)).Select(v => v.Version));
        await AssertCleanAsync(store, 2, 3);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task The_same_body_again_writes_nothing(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        var again = await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);

        Assert.Equal(0, again.Tx);
        Assert.Equal([new WrittenVersion("Patient", "p1", 1, false)], again.Versions);
        await AssertCleanAsync(store, 1, 1);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_deleted_resource_keeps_its_history_and_loses_its_index_rows(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", cccd: "025165000001")), None);
        var deleted = await store.CommitAsync(Sample.Commit(Sample.Delete("Patient", "p1"), Sample.Delete("Patient", "never")), None);

        Assert.Equal([new WrittenVersion("Patient", "p1", 2, true), new WrittenVersion("Patient", "never", 0, false)], deleted.Versions);
        Assert.True((await store.ReadAsync("Patient", "p1", None))!.IsDeleted);
        Assert.Equal(0, await IndexRowsAsync(test.Db));
        Assert.Empty(await store.ReadManyAsync([("Patient", "p1")], None));
        Assert.Empty(await store.FindByIdentifierAsync("Patient", [Sample.Identity + "|025165000001"], None));

        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", cccd: "025165000001")), None);
        Assert.Equal(3, (await store.ReadAsync("Patient", "p1", None))!.Version);
        Assert.Single(await store.FindByIdentifierAsync("Patient", [Sample.Identity + "|025165000001"], None));
        await AssertCleanAsync(store, 3, 3);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Resources_may_arrive_before_what_they_refer_to(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", encounter: "e1")), None);
        Assert.Null(await store.ReadAsync("Patient", "p1", None));
        Assert.Empty(await store.ReadManyAsync([("Encounter", "e1")], None));

        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", isNew: true), Sample.Encounter("e1", "p1", isNew: true)), None);
        Assert.Equal(1, (await store.ReadAsync("Patient", "p1", None))!.Version);
        Assert.Equal(["Encounter", "Observation", "Patient"], (await store.CompartmentCountsAsync(["p1"], None)).Keys.Order());
        await AssertCleanAsync(store, 2, 3);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_placeholder_that_another_process_made_does_not_fail_a_known_new_resource(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var other = await test.OpenStoreAsync(test.OpenAnother());
        await other.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1")), None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", isNew: true)), None);
        await AssertCleanAsync(store, 2, 2);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_resource_that_moves_to_another_patient_is_found_there_only(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Patient("p2"), Sample.Observation("o1", "p1")), None);
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p2")), None);

        Assert.Empty((await store.CompartmentAsync(["p1"], "Observation", 10, null, None)).Matches);
        Assert.Single((await store.CompartmentAsync(["p2"], "Observation", 10, null, None)).Matches);
        await AssertCleanAsync(store, 2, 4);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task An_expected_version_that_is_not_there_is_a_conflict(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var write = Sample.Patient("p1");
        await store.CommitAsync(Sample.Commit(write with { IfVersion = 0 }), None);
        await Assert.ThrowsAsync<CommitConflictException>(() => store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An") with { IfVersion = 0 }), None));
        await Assert.ThrowsAsync<CommitConflictException>(() => store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An") with { IfVersion = 2 }), None));
        await Assert.ThrowsAsync<CommitConflictException>(() => store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An", isNew: true)), None));
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An") with { IfVersion = 1 }), None);
        await AssertCleanAsync(store, 2, 2);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Time_never_runs_backwards(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        var first = await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        test.Clock.Advance(TimeSpan.FromHours(-3));
        var second = await store.CommitAsync(Sample.Commit(Sample.Patient("p2")), None);
        Assert.True(second.At > first.At);
        await AssertCleanAsync(store, 2, 2);
    }

    [Theory]
    [InlineData("Patient", "p1", """{"resourceType":"Patient","id":"p2"}""")]
    [InlineData("Patient", "p1", """{"resourceType":"Person","id":"p1"}""")]
    [InlineData("Patient", "p1", """{"id":"p1"}""")]
    [InlineData("Patient", "p1", "[]")]
    [InlineData("Patient", "p1", """{"resourceType":"Patient","id":""")]
    [InlineData("Patient", "p1", """{"resourceType":"Patient","id":5}""")]
    [InlineData("Nobody", "p1", """{"resourceType":"Nobody","id":"p1"}""")]
    [InlineData("Patient", "a b", """{"resourceType":"Patient","id":"a b"}""")]
    [InlineData("Patient", "", """{"resourceType":"Patient","id":""}""")]
    public async Task A_body_that_is_not_what_it_is_written_as_is_refused(string type, string id, string body)
    {
        var (test, store) = await OpenAsync(DbEngine.Sqlite);
        await using var _ = test;
        await Assert.ThrowsAsync<ArgumentException>(() => store.CommitAsync(Sample.Commit(Sample.Put(type, id, body)), None));
        await AssertCleanAsync(store, 0, 0);
    }
}
