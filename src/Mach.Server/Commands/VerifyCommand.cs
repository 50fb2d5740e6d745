using System.CommandLine;
using System.Globalization;
using Mach.Access.Audit;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach verify</c>: recomputes the hash chains of the record and of the audit trail, and every index row. Exit code 0 when clean, 2 when not.</summary>
internal static class VerifyCommand
{
    /// <summary>Problems printed before the rest is only counted.</summary>
    private const int ShownProblems = 50;

    public static Command Build()
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var command = new Command("verify", "Recompute the hash chains of the record and of the audit trail, the checkpoints and the indexes, and say what does not fit.") { data, engine, connection };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "", demonstration: false);
            await using var store = await Hub.OpenStoreAsync(options, ct);
            var line = new ProgressLine(Console.Error);
            var report = await store.VerifyAsync(new Progress<(string Step, long Done, long Total)>(p => line.Show(p.Step, p.Done, p.Total)), ct);
            line.End();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commits {report.Commits:N0}, versions {report.Versions:N0}, resources {report.Heads:N0}, index rows {report.IndexRows:N0}"));
            var audit = await AuditVerification.VerifyAsync(store.Db, options.AuditFolder, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"audit lines {audit.Lines:N0}, checkpoints {audit.Checkpoints:N0}"));
            var problems = report.Problems.Concat(audit.Problems).ToList();
            foreach (var problem in problems.Take(ShownProblems))
            {
                Console.WriteLine("PROBLEM " + problem);
            }

            Console.WriteLine(problems.Count == 0 ? "clean" : string.Create(CultureInfo.InvariantCulture, $"{problems.Count:N0} problems"));
            return problems.Count == 0 ? 0 : 2;
        }));
        return command;
    }
}
