using Dapper;
using Mach.Data;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;
using Mach.Intake.Taking;
using Mach.Testing;

namespace Mach.Intake.Tests.Filing;

/// <summary>Large envelopes, folders of files, and what a process left unfinished.</summary>
public sealed class LargeAndManyTests
{
    private const int Many = 3000;

    public static TheoryData<DbEngine> Engines => TestDb.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_large_envelope_is_complete_and_leaves_no_memory_behind(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        await host.TakeAsync(Samples.Visit("WARM"));
        var file = Path.Combine(Path.GetTempPath(), $"mach-large-{Environment.ProcessId}-{engine}.xml");
        try
        {
            await using (var output = File.Create(file))
            {
                Vietnam.Bhyt.EnvelopeWriter.Write(output, "25001", new DateOnly(2026, 6, 30), [.. Enumerable.Range(0, Many).Select(i => Samples.Visit($"L{i}", national: $"0251990{i:00000}", card: null, number: "N" + i, diagnosis: new string('b', 5500)))]);
            }

            var before = GC.GetTotalMemory(true);
            await using (var content = File.OpenRead(file))
            {
                Assert.True(content.Length > 40_000_000, content.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var receipt = await host.Intake.TakeAsync(content, new IntakeSource("test", "tester", null, "large.xml"), null, default);
                Assert.Equal((Many, 0), (receipt.New, receipt.Refused));
                var kept = new CountingStream();
                await new KeptEnvelope(host.Database.Db).WriteAsync(receipt.Id, kept, default);
                Assert.Equal(content.Length, kept.Written);
            }

            Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 60_000_000);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_correction_in_a_later_file_of_a_folder_does_not_overtake_what_it_corrects(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var folder = Directory.CreateTempSubdirectory("mach-order-").FullName;
        try
        {
            for (var i = 0; i < 12; i++)
            {
                // The first of each pair is large and slow to read, its correction small.
                var first = Samples.Visit("O" + i, number: "N" + i, national: $"0251990001{i:00}", card: null, diagnosis: new string('a', 400_000));
                var corrected = Samples.Visit("O" + i, number: "N" + i, national: $"0251990001{i:00}", card: null, diagnosis: "Viêm phế quản");
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:00}-a.xml"), Samples.Envelope(first));
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:00}-b.xml"), Samples.Envelope(corrected));
            }

            var summary = await host.Intake.ImportAsync([folder], null, default);
            Assert.Equal((24, 12L, 12L), (summary.Files, summary.New, summary.Updated));
            for (var i = 0; i < 12; i++)
            {
                var last = await Versions.BytesAsync(host.Database.Db, Kernel.Ids.Derive("25001", "O" + i), 2, default);
                Assert.True(last is { Length: < 100_000 }, $"O{i} ended with what was corrected");
            }

            await host.IsCleanAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task A_folder_is_imported_past_what_cannot_be_taken_and_again_without_doubles(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var folder = Directory.CreateTempSubdirectory("mach-import-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "deep"));
            var bad = Samples.Visit("BAD");
            bad["XML2"]!.Rows[0]["MA_LK"] = "ANOTHER";
            await File.WriteAllBytesAsync(Path.Combine(folder, "1.xml"), Samples.Envelope(Samples.Visit("I1"), Samples.Visit("I2")));
            await File.WriteAllBytesAsync(Path.Combine(folder, "deep", "2.XML"), Samples.Envelope(bad, Samples.Visit("I3")));
            await File.WriteAllTextAsync(Path.Combine(folder, "3.xml"), "no xml");
            await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "not for us");
            var gone = Path.Combine(folder, "gone.xml");
            var first = await host.Intake.ImportAsync([folder, gone], null, default);
            Assert.Equal((4, 2, 3L, 1L), (first.Files, first.RejectedFiles, first.New, first.Refused));
            Assert.Contains(first.Refusals, r => r.StartsWith(gone, StringComparison.Ordinal));
            var second = await host.Intake.ImportAsync([folder], null, default);
            Assert.Equal((0L, 3L, 1L), (second.New, second.Unchanged, second.Refused));
            await host.IsCleanAsync();
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public async Task What_a_dead_process_was_receiving_shows_as_interrupted_at_start(DbEngine engine)
    {
        await using var host = await IntakeHost.StartAsync(engine);
        var receipt = await host.TakeAsync(Samples.Visit("D1"), Samples.Visit("D2"));
        await SetAsync(host, receipt.Id, Owner.Current);
        await new InterruptedReceipts(host.Store).StartAsync(default);
        Assert.Equal(ReceiptRow.Receiving, (await new KeptEnvelope(host.Database.Db).FindAsync(receipt.Id, default))!.State);
        await SetAsync(host, receipt.Id, Owner.Current + "1");
        await new InterruptedReceipts(host.Store).StartAsync(default);
        var found = (await new KeptEnvelope(host.Database.Db).FindAsync(receipt.Id, default))!;
        Assert.Equal((ReceiptRow.Interrupted, 2L), (found.State, found.Made));
        Assert.Equal(2, (await host.TakeAsync(Samples.Visit("D1"), Samples.Visit("D2"))).Unchanged);
    }

    private static Task<int> SetAsync(IntakeHost host, string receipt, string owner) => host.Database.Db.WriteAsync(
        (connection, transaction) => connection.ExecuteAsync("UPDATE int_receipt SET state = 'receiving', made = 0, owner = @owner WHERE id = @receipt", new { owner, receipt }, transaction), default);

    private sealed class CountingStream : MemoryStream
    {
        public long Written { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
