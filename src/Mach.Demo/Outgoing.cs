using System.Globalization;
using Mach.Demo.Life;
using Mach.Vietnam.Bhyt;

namespace Mach.Demo;

/// <summary>Dossiers that facilities have collected and not sent yet.</summary>
internal sealed class Outgoing(int atMost)
{
    private readonly Dictionary<string, List<(Visit Visit, Dossier Dossier)>> _waiting = new(StringComparer.Ordinal);
    /// <summary>Facility that holds an unsent dossier of a person.</summary>
    private readonly Dictionary<long, string> _holder = [];
    private int _number;

    public IEnumerable<(string FileName, byte[] Envelope)> Add(Visit visit, Dossier dossier)
    {
        if (_holder.TryGetValue(visit.Person.Index, out var holder) && holder != dossier.FacilityCode)
        {
            yield return Send(holder);
        }

        _holder[visit.Person.Index] = dossier.FacilityCode;
        var list = _waiting.TryGetValue(dossier.FacilityCode, out var found) ? found : _waiting[dossier.FacilityCode] = [];
        list.Add((visit, dossier));
        if (list.Count >= atMost)
        {
            yield return Send(dossier.FacilityCode);
        }
    }

    public IEnumerable<(string FileName, byte[] Envelope)> SendAll() =>
        _waiting.Keys.Order(StringComparer.Ordinal).ToList().Select(Send);

    /// <summary>A check-in is a file without an envelope (vietnam-formats §1.2).</summary>
    public static (string FileName, byte[] Envelope) CheckIn(Dossier checkIn)
    {
        using var file = new MemoryStream();
        EnvelopeWriter.WriteCheckIn(file, checkIn);
        return ($"checkin_{checkIn.FacilityCode}_{checkIn.MaLk}.xml", file.ToArray());
    }

    private (string FileName, byte[] Envelope) Send(string facility)
    {
        var list = _waiting[facility];
        _waiting.Remove(facility);
        var created = DateOnly.FromDateTime(list.Max(w => w.Visit.End)).AddDays(1);
        foreach (var (visit, _) in list)
        {
            _holder.Remove(visit.Person.Index);
        }

        using var file = new MemoryStream();
        EnvelopeWriter.Write(file, facility, created, [.. list.Select(w => w.Dossier)]);
        return (string.Create(CultureInfo.InvariantCulture, $"{facility}_{created:yyyyMMdd}_{++_number:D7}.xml"), file.ToArray());
    }
}
