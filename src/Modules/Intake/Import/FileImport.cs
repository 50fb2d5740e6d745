using Mach.Intake.Taking;

namespace Mach.Intake.Import;

/// <summary>Takes files and folders in, in their order and a few files at once.</summary>
internal sealed class FileImport(IntakeService intake, TimeProvider clock)
{
    /// <summary>Files under way at once: while one waits for the disk, the others are read.</summary>
    private const int AtOnce = 4;

    public async Task<ImportSummary> RunAsync(IReadOnlyList<string> paths, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        var files = paths.SelectMany(Files).ToList();
        var summary = new ImportSummary();
        var refusals = new List<string>();
        var gate = new Lock();
        var started = clock.GetTimestamp();
        long bytes = 0;
        await InOrder.RunAsync(files, AtOnce, async (file, queued) =>
        {
            var (receipt, size) = await TakeAsync(file, queued, ct);
            lock (gate)
            {
                summary = Add(summary, receipt);
                bytes += size;
                Note(refusals, file, receipt);
                progress?.Report(new ImportProgress(summary.Files, files.Count, bytes, summary.Dossiers, summary.Refused, summary.Dossiers / Math.Max(0.001, clock.GetElapsedTime(started).TotalSeconds)));
            }
        });
        return summary with { Refusals = refusals };
    }

    /// <summary>A file that cannot be opened is refused with its reason; the others go on.</summary>
    private async Task<(Receipt Receipt, long Bytes)> TakeAsync(string file, Action queued, CancellationToken ct)
    {
        FileStream content;
        try
        {
            content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (new Receipt { Id = "", Rejection = FilingFindings.NotOpened() }, 0);
        }

        await using (content)
        {
            return (await intake.TakeAsync(content, new IntakeSource("import", "import", null, Path.GetFileName(file)), null, queued, ct), content.Length);
        }
    }

    private static IEnumerable<string> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => f.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
        : [path];

    private static ImportSummary Add(ImportSummary sum, Receipt receipt) => sum with
    {
        Files = sum.Files + 1,
        RejectedFiles = sum.RejectedFiles + (receipt.Rejection is null ? 0 : 1),
        Dossiers = sum.Dossiers + receipt.Dossiers,
        New = sum.New + receipt.New,
        Updated = sum.Updated + receipt.Updated,
        Unchanged = sum.Unchanged + receipt.Unchanged,
        Refused = sum.Refused + receipt.Refused,
    };

    private static void Note(List<string> refusals, string file, Receipt receipt)
    {
        var said = receipt.Rejection is { } rejection
            ? [rejection.Vi]
            : receipt.Outcomes.Where(o => o.Result == DossierResult.Refused).Select(o => $"[{o.Position}] {o.Findings[0].Vi}");
        foreach (var sentence in said.Take(ImportSummary.MostRefusals - refusals.Count))
        {
            refusals.Add($"{file}: {sentence}");
        }
    }
}
