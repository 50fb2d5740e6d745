using System.Text;
using Dapper;
using Mach.Data;
using Mach.Data.Sealing;
using Mach.Store.Sealing;
using Mach.Testing;

namespace Mach.Store.Tests.Sealing;

/// <summary>Bodies at rest: what lies in the database says nothing without the vault, opens only in its place, and moves under a new key while others read and write.</summary>
public class SealingTests : StoreTests
{
    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    private static FileKeyVault Vault(TestDb test, string name = "store.key") => new(Path.Combine(test.Folder, "keys", name));

    private static Task<RecordStore> OpenAsync(TestDb test, Db db, IKeyVault? vault) => RecordStore.OpenAsync(db, test.Options with { Vault = vault }, test.Clock, None);

    private static Task<byte[]> BodyAsync(Db db, long seq) => ScalarAsync<byte[]>(db, $"SELECT body FROM ver WHERE seq={seq}");

    private static async Task MoveAsync(RecordStore store, params SealedTable[] tables)
    {
        while (await store.SealStepAsync(tables, None) is not null)
        {
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Nothing_of_a_body_is_legible_in_the_database(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Trần Văn Kín"), Sample.Observation("o1", "p1")), None);
        for (var seq = 1; seq <= 2; seq++)
        {
            var body = await BodyAsync(test.Db, seq);
            Assert.Equal(1, KeyRing.NumberOf(body));
            Assert.Equal(-1, body.AsSpan().IndexOf("resourceType"u8));
            Assert.True(SealedBody.IsSealed(await ScalarAsync<short>(test.Db, $"SELECT codec FROM ver WHERE seq={seq}")));
        }

        Assert.Contains("Trần Văn Kín", Sample.Text((await store.ReadAsync("Patient", "p1", None))!.Body), StringComparison.Ordinal);
        await AssertCleanAsync(store, 1, 2);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_same_body_twice_gives_different_bytes(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An")), None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê Anh")), None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1", "Lê An")), None);
        Assert.NotEqual(await BodyAsync(test.Db, 1), await BodyAsync(test.Db, 3));
    }

    /// <summary>AES-GCM's associated data (NIST SP 800-38D §5.2.1.1) holds row, resource, version and codec.</summary>
    [Theory, MemberData(nameof(Engines))]
    public async Task A_body_that_is_put_in_the_place_of_another_does_not_open(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Observation("o1", "p1", "5.6")), None);
        await store.CommitAsync(Sample.Commit(Sample.Observation("o2", "p1", "9.9")), None);
        await ExecuteAsync(test.Db, "UPDATE ver SET body=(SELECT o.body FROM ver o WHERE o.seq=2), codec=(SELECT o.codec FROM ver o WHERE o.seq=2), sha=(SELECT o.sha FROM ver o WHERE o.seq=2) WHERE seq=1");
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadAsync("Observation", "o1", None));
        Assert.Contains("data key 1", e.Message, StringComparison.Ordinal);
        Assert.Contains((await store.VerifyAsync(null, None)).Problems, p => p.StartsWith("version 1", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Without_its_key_file_a_store_does_not_open_and_says_which_key_it_wants(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        string key;
        await using (var store = await OpenAsync(test, test.Db, Vault(test)))
        {
            await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
            key = Assert.Single(await store.DataKeysAsync(None)).VaultKey;
        }

        File.Move(Path.Combine(test.Folder, "keys", "store.key"), Path.Combine(test.Folder, "keys", "elsewhere"));
        var missing = await Assert.ThrowsAsync<KeyVaultException>(() => OpenAsync(test, test.OpenAnother(), Vault(test)));
        Assert.Contains(key, missing.Message, StringComparison.Ordinal);
        Assert.Contains("missing", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(test.Folder, "keys", "store.key")), "a new key must not hide that the old one is missing");

        Vault(test).MakeKey();
        var wrong = await Assert.ThrowsAsync<KeyVaultException>(() => OpenAsync(test, test.OpenAnother(), Vault(test)));
        Assert.Contains(key, wrong.Message, StringComparison.Ordinal);
        Assert.Contains("does not hold", wrong.Message, StringComparison.Ordinal);

        var none = await Assert.ThrowsAsync<KeyVaultException>(() => OpenAsync(test, test.OpenAnother(), null));
        Assert.Contains(key, none.Message, StringComparison.Ordinal);
        await using var again = await OpenAsync(test, test.OpenAnother(), Vault(test, "elsewhere"));
        await AssertCleanAsync(again, 1, 1);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_wrapped_key_that_was_changed_or_is_another_numbers_is_refused(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        await using (var store = await OpenAsync(test, test.Db, Vault(test)))
        {
            await store.RotateDataKeyAsync(None);
        }

        await ExecuteAsync(test.Db, "UPDATE data_key SET wrapped=(SELECT k.wrapped FROM data_key k WHERE k.n=2) WHERE n=1");
        var e = await Assert.ThrowsAsync<KeyVaultException>(() => OpenAsync(test, test.OpenAnother(), Vault(test)));
        Assert.Contains("data key 1", e.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_store_from_before_stays_legible_and_is_sealed_by_its_first_rotation(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        await using (var before = await OpenAsync(test, test.Db, null))
        {
            await before.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Observation("o1", "p1")), None);
        }

        var db = test.OpenAnother();
        await using var store = await OpenAsync(test, db, Vault(test));
        Assert.Empty(await store.DataKeysAsync(None));
        await store.CommitAsync(Sample.Commit(Sample.Patient("p2")), None);
        Assert.Equal(0L, await ScalarAsync<long>(db, "SELECT COUNT(*) FROM ver WHERE codec>=16"));

        Assert.Equal(1, await store.RotateDataKeyAsync(None));
        await store.CommitAsync(Sample.Commit(Sample.Patient("p3")), None);
        Assert.Equal(1L, await ScalarAsync<long>(db, "SELECT COUNT(*) FROM ver WHERE codec>=16"));
        await MoveAsync(store);
        Assert.Equal(4L, await ScalarAsync<long>(db, "SELECT COUNT(*) FROM ver WHERE codec>=16"));
        await AssertCleanAsync(store, 3, 4);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Rotation_brings_everything_under_the_new_key_and_goes_on_where_it_stopped(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        for (var i = 0; i < 3; i++)
        {
            await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 400).Select(n => Sample.Patient($"p{i}-{n}"))]), None);
        }

        await store.CommitAsync(Sample.Commit(Sample.Delete("Patient", "p0-0")), None);
        Assert.Equal(2, await store.RotateDataKeyAsync(None));
        Assert.Equal(("ver", 500L, 1201L), await store.SealStepAsync([], None));
        Assert.Equal(1, KeyRing.NumberOf(await BodyAsync(test.Db, 501)));
        Assert.Equal(2, KeyRing.NumberOf(await BodyAsync(test.Db, 500)));
        await AssertCleanAsync(store, 4, 1201);

        // Another process goes on.
        await using var other = await OpenAsync(test, test.OpenAnother(), Vault(test));
        await MoveAsync(other);
        var moved = await BodyAsync(test.Db, 700);
        Assert.Equal(2, KeyRing.NumberOf(moved));
        Assert.Null(await other.SealStepAsync([], None));
        Assert.Equal(moved, await BodyAsync(test.Db, 700));
        await AssertCleanAsync(store, 4, 1201);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_process_that_knew_the_old_key_alone_reads_and_writes_under_the_new_one(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        await using var other = await OpenAsync(test, test.OpenAnother(), Vault(test));
        await other.RotateDataKeyAsync(None);
        await MoveAsync(other);
        Assert.NotNull(await store.ReadAsync("Patient", "p1", None));
        await other.RotateDataKeyAsync(None);
        await store.CommitAsync(Sample.Commit(Sample.Patient("p2")), None);
        Assert.Equal(3, KeyRing.NumberOf(await BodyAsync(test.Db, 2)));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_second_rotation_during_the_first_begins_anew(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 600).Select(n => Sample.Patient($"p{n}"))]), None);
        await store.RotateDataKeyAsync(None);
        await store.SealStepAsync([], None);
        await store.RotateDataKeyAsync(None);
        await MoveAsync(store);
        Assert.Equal(3, KeyRing.NumberOf(await BodyAsync(test.Db, 1)));
        Assert.Equal(3, KeyRing.NumberOf(await BodyAsync(test.Db, 600)));
        await AssertCleanAsync(store, 1, 600);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_damaged_body_is_left_as_it_is_by_rotation_and_found_by_verification(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1"), Sample.Patient("p2")), None);
        var body = await BodyAsync(test.Db, 1);
        body[^20] ^= 1;
        await ExecuteAsync(test.Db, "UPDATE ver SET body=@body WHERE seq=1", new { body });
        await store.RotateDataKeyAsync(None);
        await MoveAsync(store);
        Assert.Equal(body, await BodyAsync(test.Db, 1));
        Assert.Contains((await store.VerifyAsync(null, None)).Problems, p => p.StartsWith("version 1", StringComparison.Ordinal));
        Assert.NotNull(await store.ReadAsync("Patient", "p2", None));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_new_vault_key_wraps_the_data_keys_and_touches_no_body(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit(Sample.Patient("p1")), None);
        await store.RotateDataKeyAsync(None);
        var body = await BodyAsync(test.Db, 1);
        var vaultKey = Vault(test).MakeKey();
        Assert.Equal(2, await store.RewrapDataKeysAsync(None));
        Assert.All(await store.DataKeysAsync(None), k => Assert.Equal(vaultKey, k.VaultKey));
        Assert.Equal(body, await BodyAsync(test.Db, 1));

        // The old line may go now.
        var file = Path.Combine(test.Folder, "keys", "store.key");
        await File.WriteAllTextAsync(file, File.ReadAllLines(file)[^1] + "\n");
        await using var again = await OpenAsync(test, test.OpenAnother(), Vault(test));
        await AssertCleanAsync(again, 1, 1);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Columns_of_modules_move_too_and_open_in_their_place_alone(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await ExecuteAsync(test.Db, "CREATE TABLE x_kept(receipt {text} NOT NULL, n {int} NOT NULL, bytes {bytes}, PRIMARY KEY(receipt, n)) {strict}");
        var table = new SealedTable("x_kept", "receipt", "n", ["bytes"]);
        string At(int n) => SealedTable.Place("x_kept", "bytes", "r", n);
        for (var n = 0; n < 450; n++)
        {
            var bytes = n == 7 ? null : n % 2 == 0 ? Encoding.UTF8.GetBytes($"<{n}>") : test.Db.Keys.Seal(At(n), Encoding.UTF8.GetBytes($"<{n}>"));
            await ExecuteAsync(test.Db, "INSERT INTO x_kept VALUES('r', @n, @bytes)", new { n, bytes });
        }

        await store.RotateDataKeyAsync(None);
        await MoveAsync(store, table);
        await using var connection = await test.Db.OpenAsync(None);
        foreach (var n in new[] { 0, 1, 199, 200, 449 })
        {
            var kept = (await connection.ExecuteScalarAsync<byte[]>("SELECT bytes FROM x_kept WHERE n=@n", new { n }))!;
            Assert.True(test.Db.Keys.IsCurrent(kept));
            Assert.Equal($"<{n}>", Encoding.UTF8.GetString(test.Db.Keys.Open(At(n), kept)));
            Assert.Throws<InvalidDataException>(() => test.Db.Keys.Open(At(n + 1), kept));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Readers_and_writers_go_on_during_a_rotation(DbEngine engine)
    {
        var (test, store) = await OpenAsync(engine);
        await using var _ = test;
        await store.CommitAsync(Sample.Commit([.. Enumerable.Range(0, 1500).Select(n => Sample.Patient($"p{n}"))]), None);
        await store.RotateDataKeyAsync(None);
        var moving = Task.Run(() => MoveAsync(store));
        for (var i = 0; i < 40; i++)
        {
            Assert.NotNull(await store.ReadAsync("Patient", $"p{i * 37}", None));
            await store.CommitAsync(Sample.Commit(Sample.Patient($"q{i}")), None);
        }

        await moving;
        await MoveAsync(store);
        await AssertCleanAsync(store, 41, 1540);
    }
}

/// <summary>The key file.</summary>
public sealed class FileKeyVaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mach-vault-").FullName;

    private string File => Path.Combine(_folder, "keys", "store.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_wrapped_key_comes_back_and_only_for_its_purpose()
    {
        var vault = new FileKeyVault(File);
        var (key, wrapped) = vault.Wrap(new byte[32], "data key 1"u8);
        Assert.True(vault.Has(key));
        Assert.Equal(new byte[32], vault.Unwrap(key, wrapped, "data key 1"u8));
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(key, wrapped, "data key 2"u8));
        wrapped[20] ^= 1;
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(key, wrapped, "data key 1"u8));
        Assert.Throws<KeyVaultException>(() => vault.Unwrap(key, [1, 2, 3], "data key 1"u8));
    }

    [Fact]
    public void The_file_is_its_owners_alone()
    {
        new FileKeyVault(File).Wrap(new byte[32], []);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void Two_that_make_the_first_key_at_once_agree_on_one()
    {
        var keys = new string[8];
        Parallel.For(0, keys.Length, i => keys[i] = new FileKeyVault(File).Wrap(new byte[32], []).Key);
        Assert.Single(keys.Distinct());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Theory, InlineData("abc"), InlineData("zz"), InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeef")]
    public void A_damaged_file_is_named(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text);
        Assert.Contains(File, Assert.Throws<KeyVaultException>(() => new FileKeyVault(File).Wrap(new byte[32], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_error_and_not_a_reason_for_a_new_key()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "\n");
        Assert.Throws<KeyVaultException>(() => new FileKeyVault(File).Wrap(new byte[32], []));
    }

    [Fact]
    public void A_new_key_wraps_and_the_old_one_still_unwraps()
    {
        var vault = new FileKeyVault(File);
        var (first, wrapped) = vault.Wrap(new byte[32], []);
        var second = vault.MakeKey();
        Assert.NotEqual(first, second);
        Assert.Equal(second, vault.Wrap(new byte[32], []).Key);
        Assert.Equal(new byte[32], vault.Unwrap(first, wrapped, []));
    }
}
