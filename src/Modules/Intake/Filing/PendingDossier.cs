using System.Security.Cryptography;
using Mach.Contracts.People;
using Mach.Intake.Keeping;
using Mach.Kernel;
using Mach.Vietnam.Bhyt;

namespace Mach.Intake.Filing;

/// <summary>What became of a dossier, with what is still to be written about it.</summary>
/// <param name="Line">Row of int_line that no commit has written yet; null when the commit of the dossier wrote it.</param>
internal sealed record Filed(DossierOutcome Outcome, LineRow? Line);

/// <summary>One dossier on its way into the record.</summary>
internal sealed class PendingDossier
{
    private readonly TaskCompletionSource<Filed> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required string ReceiptId { get; init; }
    public required IntakeSource Source { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    /// <summary>MACSKCB of the envelope.</summary>
    public required string EnvelopeFacility { get; init; }
    /// <summary>1-based place in the envelope.</summary>
    public required int Position { get; init; }
    /// <summary>First byte in the envelope.</summary>
    public required long StartAt { get; init; }
    /// <summary>The HOSO element (or the check-in file), exactly as received.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }
    /// <summary>Rows that land with the dossier's own commit, once its result is known: the receipt of an envelope that holds only this dossier.</summary>
    public Func<DossierResult, IReadOnlyList<Data.TableRows>>? Along { get; init; }

    public Dossier? Dossier { get; private set; }
    public string Id { get; private set; } = "";
    public byte[] Sha { get; private set; } = [];
    public PersonClaim? Claim { get; set; }
    public List<Finding> Findings { get; } = [];
    public int Attempts { get; set; }
    /// <summary>What no other dossier under way may share: the visit, and whatever may name its person.</summary>
    public List<string> Keys { get; } = [];

    public Task<Filed> Done => _done.Task;

    public void Read(Dossier dossier, PersonClaim claim)
    {
        Dossier = dossier;
        Claim = claim;
        Id = Ids.Derive(dossier.FacilityCode, dossier.MaLk);
        Sha = SHA256.HashData(Bytes.Span);
        Keys.Add(BusyKeys.Visit + Id);
        if (claim.NationalId is { } national)
        {
            Keys.Add("citizen " + national);
        }

        foreach (var card in claim.InsuranceCards)
        {
            var text = card.Trim();
            var key = "insurance " + (text.Length > 10 ? text[^10..] : text);
            if (!Keys.Contains(key))
            {
                Keys.Add(key);
            }
        }

        if (claim.PatientNumber is { } own)
        {
            Keys.Add("number " + dossier.FacilityCode + " " + own);
        }
    }

    public void Finish(Filed filed) => _done.TrySetResult(filed);

    public void Fail(Exception exception) => _done.TrySetException(exception);

    /// <summary>Not taken; the bytes are kept with the line so that they can be opened, corrected and sent again.</summary>
    /// <param name="maLk">MA_LK of a dossier that could not be read as a whole, where it is known.</param>
    public void Refuse(Finding finding, string maLk = "")
    {
        IReadOnlyList<Finding> findings = [finding, .. Findings];
        var (errors, warnings) = FindingList.Count(findings);
        var outcome = new DossierOutcome(Position, Dossier?.FacilityCode ?? EnvelopeFacility, Dossier?.MaLk ?? maLk, DossierResult.Refused, findings);
        Finish(new Filed(outcome, Line(outcome, null, 0) with { Errors = errors, Warnings = warnings, Findings = FindingList.Pack(findings), Bytes = KeptBytes.Pack(Bytes.Span) }));
    }

    /// <summary>Nothing new in it.</summary>
    /// <param name="keepBytes">The bytes differ from those of the version, though their content does not count.</param>
    public void LeaveUnchanged(int version, bool keepBytes)
    {
        var outcome = new DossierOutcome(Position, Dossier!.FacilityCode, Dossier.MaLk, DossierResult.Unchanged, Findings);
        Finish(new Filed(outcome, Line(outcome, Id, version) with { Bytes = keepBytes ? KeptBytes.Pack(Bytes.Span) : null }));
    }

    public LineRow Line(DossierOutcome outcome, string? dossier, int version) => new()
    {
        Receipt = ReceiptId,
        Position = Position,
        StartAt = StartAt,
        Length = Bytes.Length,
        Facility = outcome.Facility,
        MaLk = outcome.MaLk,
        Dossier = dossier,
        Version = version,
        Result = ResultName(outcome.Result),
    };

    public static string ResultName(DossierResult result) => result switch
    {
        DossierResult.New => "new",
        DossierResult.Updated => "updated",
        DossierResult.Unchanged => "unchanged",
        _ => "refused",
    };
}
