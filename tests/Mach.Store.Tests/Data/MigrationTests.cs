using Dapper;
using Mach.Data;
using Mach.Testing;

namespace Mach.Store.Tests.Data;

public class MigrationTests : StoreTests
{
    private static readonly Migration First = new(1, "first", "CREATE TABLE tst_a(id {bigint} PRIMARY KEY, name {text} NOT NULL) {strict}, {norowid};\nINSERT INTO tst_a(id, name) VALUES(1, 'một');");
    private static readonly Migration Second = new(2, "second", "INSERT INTO tst_a(id, name) VALUES(2, 'hai')");

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Each_is_applied_once_in_order_also_by_several_processes_at_once(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        await Migrations.ApplyAsync(test.Db, "tst", [First], None);
        var others = Enumerable.Range(0, 4).Select(_ => test.OpenAnother()).ToList();
        await Task.WhenAll(others.Select(db => Task.Run(() => Migrations.ApplyAsync(db, "tst", [First, Second], None))));
        Assert.Equal(2, await ScalarAsync<long>(test.Db, "SELECT COUNT(*) FROM tst_a"));
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task A_changed_or_unknown_one_is_refused_and_a_failing_one_leaves_nothing(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        await Migrations.ApplyAsync(test.Db, "tst", [First, Second], None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Migrations.ApplyAsync(test.Db, "tst", [First, Second with { Text = "SELECT 1" }], None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Migrations.ApplyAsync(test.Db, "tst", [First], None));

        var failing = new Migration(3, "third", "INSERT INTO tst_a(id, name) VALUES(3, 'ba');\nINSERT INTO tst_a(id, name) VALUES(1, 'lại')");
        var e = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Migrations.ApplyAsync(test.Db, "tst", [First, Second, failing], None));
        Assert.True(Db.IsUniqueViolation(e));
        Assert.Equal(2, await ScalarAsync<long>(test.Db, "SELECT COUNT(*) FROM tst_a"));
        await Migrations.ApplyAsync(test.Db, "tst", [First, Second with { Text = Second.Text.Replace("\n", "\r\n", StringComparison.Ordinal) }], None);
    }

    [Theory, MemberData(nameof(TestDb.Engines), MemberType = typeof(TestDb))]
    public async Task Rows_of_every_type_and_null_come_back_as_sent(DbEngine engine)
    {
        await using var test = await TestDb.CreateAsync(engine);
        await ExecuteAsync(test.Db, "CREATE TABLE tst_all(k {text} PRIMARY KEY, b {bigint}, i {int}, y {bytes}, d {double}) {strict}");
        (string, ColumnType)[] columns = [("k", ColumnType.Text), ("b", ColumnType.BigInt), ("i", ColumnType.Integer), ("y", ColumnType.Bytes), ("d", ColumnType.Double)];
        object?[][] rows = [["đầy", long.MinValue, -7, new byte[] { 0, 255 }, 0.1], ["rỗng", null, null, null, null], ["", 0L, 0, Array.Empty<byte>(), -1e300]];
        await test.Db.WriteAsync(async (c, t) =>
        {
            await test.Db.InsertAsync(c, t, new TableRows("tst_all", columns, rows, []), None);
            return 0;
        }, None);

        await using var connection = await test.Db.OpenAsync(None);
        foreach (var row in rows)
        {
            await using var reader = await connection.ExecuteReaderAsync("SELECT b, i, y, d FROM tst_all WHERE k=@k", new { k = row[0] });
            Assert.True(await reader.ReadAsync());
            Assert.Equal(row[1], reader.IsDBNull(0) ? null : reader.GetInt64(0));
            Assert.Equal(row[2], reader.IsDBNull(1) ? null : reader.GetInt32(1));
            Assert.Equal(row[3], reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2));
            Assert.Equal(row[4], reader.IsDBNull(3) ? null : reader.GetDouble(3));
        }

        Assert.Equal(2, (await connection.QueryAsync<string>(test.Db.Sql("SELECT k FROM tst_all WHERE k {in:ks}"), new { ks = "[\"đầy\",\"\",\"x\"]" })).Count());
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>(test.Db.Sql("SELECT COUNT(*) FROM tst_all WHERE b {inlong:bs}"), new { bs = "[-9223372036854775808,5]" }));
    }

    [Fact]
    public void An_unknown_token_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => Dialect.Translate("SELECT {nothing}", DbEngine.Sqlite));
        Assert.Equal("a BIGINT) ", Dialect.Translate("a {bigint}) {strict}, {norowid}", DbEngine.Postgres));
        Assert.Equal("a INTEGER) STRICT, WITHOUT ROWID", Dialect.Translate("a {bigint}) {strict} {norowid}", DbEngine.Sqlite));
    }
}
