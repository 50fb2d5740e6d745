using System.Text;
using Mach.Data;
using Mach.Demo;
using Mach.Intake;
using Mach.Server.Hosting;
using Mach.Vietnam.Bhyt;
using Microsoft.Extensions.DependencyInjection;

namespace Mach.Bench;

/// <summary>One envelope of 200 MB: how much memory does taking it need?</summary>
internal static class LargeBench
{
    private const long Size = 200L * 1024 * 1024;

    public static async Task RunAsync()
    {
        var file = Path.Combine(Databases.Folder("large"), "large.xml");
        var count = Write(file);
        var options = new HubOptions { Data = Databases.Folder("large-hub"), Engine = DbEngine.Sqlite, Urls = "http://127.0.0.1:0" };
        var store = await Hub.OpenStoreAsync(options, CancellationToken.None);
        await using var app = Hub.Build(options, store);
        await HubRunner.StartAsync(app, CancellationToken.None);
        GC.Collect();
        var before = Cpu.Resident(Environment.ProcessId);
        using var stop = new CancellationTokenSource();
        var watching = PeakAsync(stop.Token);
        Receipt receipt;
        await using (var stream = File.OpenRead(file))
        {
            receipt = await app.Services.GetRequiredService<IntakeService>().TakeAsync(stream, new IntakeSource("bench", "bench", null, "large.xml"), null, CancellationToken.None);
        }

        await stop.CancelAsync();
        var peak = await watching;
        Figures.Row($"an envelope of 200 MB with {count:N0} dossiers: peak memory above the idle hub (SQLite's page cache of up to 256 MB included)", "Sqlite", $"{(peak - before) / 1048576.0:0} MB, {receipt.New:N0} taken, {receipt.Refused:N0} refused", "flat");
        await app.StopAsync();
    }

    private static async Task<long> PeakAsync(CancellationToken ct)
    {
        long peak = 0;
        while (!ct.IsCancellationRequested)
        {
            peak = Math.Max(peak, Cpu.Resident(Environment.ProcessId));
            await Task.Delay(50, CancellationToken.None);
        }

        return peak;
    }

    /// <summary>Dossiers of one facility, each with a key of its own, until the size is reached.</summary>
    private static int Write(string file)
    {
        var dossiers = new Province(1_000, today: new DateOnly(2026, 6, 30)).Dossiers().Where(d => !d.IsCheckIn).Take(2_000).ToList();
        var facility = dossiers[0].FacilityCode;
        var pieces = new List<byte[]>();
        long size = 0;
        while (size < Size)
        {
            foreach (var dossier in dossiers.TakeWhile(_ => size < Size))
            {
                using var one = new MemoryStream();
                EnvelopeWriter.Write(one, facility, new DateOnly(2026, 6, 30), [Renamed(dossier, facility, $"{dossier.MaLk}-{pieces.Count}")]);
                var text = Encoding.UTF8.GetString(one.GetBuffer(), 0, (int)one.Length);
                var start = text.IndexOf("<HOSO>", StringComparison.Ordinal);
                var piece = Encoding.UTF8.GetBytes(text[start..(text.IndexOf("</HOSO>", StringComparison.Ordinal) + 7)]);
                pieces.Add(piece);
                size += piece.Length;
            }
        }

        using var stream = File.Create(file);
        stream.Write(Encoding.UTF8.GetBytes($"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{facility}</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20260630</NGAYLAP><SOLUONGHOSO>{pieces.Count}</SOLUONGHOSO><DANHSACHHOSO>"));
        pieces.ForEach(p => stream.Write(p));
        stream.Write("</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>"u8);
        return pieces.Count;
    }

    private static Dossier Renamed(Dossier dossier, string facility, string maLk)
    {
        var copy = new Dossier { FacilityCode = facility, MaLk = maLk };
        copy.Tables.AddRange(dossier.Tables);
        foreach (var row in copy.Tables.SelectMany(t => t.Rows))
        {
            if (row.Table.IndexOf("MA_LK") >= 0)
            {
                row["MA_LK"] = maLk;
            }

            if (row.Table.Name == "XML1")
            {
                row["MA_CSKCB"] = facility;
            }
        }

        return copy;
    }
}
