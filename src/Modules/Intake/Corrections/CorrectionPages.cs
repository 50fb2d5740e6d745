using Mach.Access;
using Mach.Intake.Dossiers;
using Mach.Intake.Filing;
using Mach.Intake.Keeping;
using Mach.Intake.Receipts;
using Mach.Store;
using Mach.Ui;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Mach.Intake.Corrections;

/// <summary>A refused dossier: opened, downloaded, corrected in a form and sent again.</summary>
internal static class CorrectionPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/intake/receipts/{id}/{position:int}", Show).WithName("int-refused").RequireAuthorization(Policies.ReadDossier);
        routes.MapPost("/intake/receipts/{id}/{position:int}", Send).WithName("int-correct").RequireAuthorization(Policies.SendDossier)
            .WithFormOptions(valueLengthLimit: 64 * 1024 * 1024, valueCountLimit: 200);
    }

    internal static async Task<IResult> Show(HttpContext http, RecordStore store, ReceiptQueries queries, string id, int position, string? format, CancellationToken ct)
    {
        if (await queries.FindAsync(http.User, ReceiptPages.Clean(id), ct) is not { } receipt || await queries.LineAsync(receipt.Id, position, ct) is not { } line)
        {
            return TypedResults.NotFound();
        }

        // What was refused is nobody's yet: who keeps dossiers sees it alone.
        if (!(line.Dossier is { } dossier && await Versions.AllAsync(store.Db, dossier, ct) is { Count: > 0 } versions ? await DossierSight.ShowsAsync(http, store, versions, ct) : DossierSight.Keeps(http)))
        {
            return TypedResults.NotFound();
        }

        var bytes = await new KeptEnvelope(store.Db).DossierAsync(line, ct);
        return format == "xml"
            ? Results.Bytes(bytes, "application/xml", $"{id}-{position}.xml")
            : UiModule.Page<CorrectionPage>(new
            {
                Receipt = ReceiptView.Of(receipt),
                Line = LineView.Of(store.Db.Keys, line),
                Facility = line.Facility.Length > 0 ? line.Facility : receipt.Facility ?? "",
                Tables = EditableDossier.Open(bytes),
                MaySend = ReceiptPages.MaySend(http),
            });
    }

    /// <summary>The corrected dossier goes the way of every other one and has a receipt of its own.</summary>
    internal static async Task<IResult> Send(
        HttpContext http, IntakeService intake, ReceiptQueries queries, TimeProvider clock, string id, int position,
        IFormCollection form, CancellationToken ct)
    {
        if (await queries.FindAsync(http.User, ReceiptPages.Clean(id), ct) is not { } receipt)
        {
            return TypedResults.NotFound();
        }

        var tables = form["kind"].Zip(form["text"], (k, x) => new EditableTable(k!.Trim(), x ?? "")).ToList();
        var envelope = EditableDossier.Pack(form["facility"].ToString().Trim(), Instants.Day(clock.GetUtcNow()), tables);
        var source = new IntakeSource("page", http.User.AccountName(), http.User.BoundFacility(), receipt.FileName);
        return ReceiptPages.Go(http, "/intake/receipts/" + (await intake.TakeAsync(new MemoryStream(envelope), source, null, ct)).Id);
    }
}
