using System.CommandLine;
using System.Globalization;
using Mach.Intake;
using Mach.Server.Hosting;

namespace Mach.Server.Commands;

/// <summary><c>mach import PATH…</c>: files and folders of envelopes through the same path as the portal. Exit code 3 when something was refused.</summary>
internal static class ImportCommand
{
    public static Command Build()
    {
        var (data, engine, connection) = (SharedOptions.Data(), SharedOptions.Engine(), SharedOptions.Connection());
        var paths = new Argument<FileSystemInfo[]>("PATH") { Description = "Envelope files (.xml) or folders of them.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Take envelopes in from files and folders; safe to repeat.") { data, engine, connection, paths };
        command.SetAction((parsed, ct) => SharedOptions.Guard(async () =>
        {
            var missing = parsed.GetValue(paths)!.FirstOrDefault(p => !p.Exists);
            if (missing is not null)
            {
                throw new HubException($"{missing.FullName} does not exist.");
            }

            var options = SharedOptions.Read(parsed.GetValue(data)!, parsed.GetValue(engine)!, parsed.GetValue(connection), "http://127.0.0.1:0", demonstration: false);
            var store = await Hub.OpenStoreAsync(options, ct);
            await using var app = Hub.Build(options, store);
            await using var rooms = await HubRunner.StartQuietlyAsync(app, ct);
            var line = new ProgressLine(Console.Error);
            var summary = await app.Services.GetRequiredService<IntakeService>().ImportAsync(
                [.. parsed.GetValue(paths)!.Select(p => p.FullName)],
                new Progress<ImportProgress>(p => line.Show("importing", p.Dossiers, 0, string.Create(CultureInfo.InvariantCulture, $" dossiers, {p.Files:N0} files, {p.Refused:N0} refused, {p.DossiersPerSecond:N0}/s"))),
                ct);
            line.End();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"files {summary.Files:N0}, dossiers {summary.Dossiers:N0}: new {summary.New:N0}, updated {summary.Updated:N0}, unchanged {summary.Unchanged:N0}, refused {summary.Refused:N0}"));
            foreach (var refusal in summary.Refusals)
            {
                Console.WriteLine(refusal);
            }

            return summary.Refused + summary.RejectedFiles == 0 ? 0 : 3;
        }));
        return command;
    }
}
