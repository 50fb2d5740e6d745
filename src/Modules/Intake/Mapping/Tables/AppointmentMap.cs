using System.Globalization;
using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using Mach.Vietnam.Bhyt;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>XML14: the follow-up appointment.</summary>
internal sealed class AppointmentMap : TableMap
{
    private static readonly JsonEncodedText s_participant = JsonEncodedText.Encode("participant");
    private static readonly JsonEncodedText s_reason = JsonEncodedText.Encode("reasonReference");
    private static readonly JsonEncodedText s_actor = JsonEncodedText.Encode("actor");
    private static readonly JsonEncodedText s_identifier = JsonEncodedText.Encode("identifier");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");

    private readonly Fragment _appointment;

    public AppointmentMap(BhytTable table) : base(table)
    {
        var s = new Shape(table);
        _appointment = Add(s.Build("apt", "Appointment",
        [
            Arr("identifier", ItemBy("system", Systems.Own + "/sid/bhyt-so-giayhen-kl", s.Text("value", "SO_GIAYHEN_KL"))),
            s.Carry(new AppointmentTimeNode(table.IndexOf("NGAY_HEN_KL")), "NGAY_HEN_KL"),
            Made(WriteReason),
            FhirParts.InArray("supportingInformation", scope => scope.Encounter),
            s.Time("created", "NGAY_CT"),
            Made(WriteParticipants),
        ]));
        Close();
    }

    public override IEnumerable<Fragment> Mains => [_appointment];

    public override void Plan(DossierScope scope, RowPlan row) =>
        row.Main = new(_appointment, scope.Id(_appointment.Kind, row.Ordinal.ToString(CultureInfo.InvariantCulture)));

    private static void WriteReason(Pen pen)
    {
        if (pen.Scope.Diagnoses.Main is { } main)
        {
            var array = pen.BeginArray(s_reason);
            FhirParts.WriteItem(pen, "Condition", main.Id);
            pen.EndArray(array);
        }
    }

    private static void WriteParticipants(Pen pen)
    {
        var array = pen.BeginArray(s_participant);
        var person = pen.BeginObject(null);
        var actor = pen.BeginObject(s_actor);
        pen.String(FhirParts.Reference, pen.Scope.Patient);
        pen.EndObject(actor);
        pen.String(FhirParts.Status, "accepted");
        pen.EndObject(person);
        if (pen.Row.Get("MA_BAC_SI") is { } doctor)
        {
            person = pen.BeginObject(null);
            actor = pen.BeginObject(s_actor);
            var identifier = pen.BeginObject(s_identifier);
            pen.String(FhirParts.System, Practitioners.Licence);
            pen.String(s_value, doctor);
            pen.EndObject(identifier);
            pen.EndObject(actor);
            pen.String(FhirParts.Status, "accepted");
            pen.EndObject(person);
        }

        pen.EndArray(array);
    }
}

/// <summary>
/// Start and end of an appointment. A day alone is an appointment for the whole day; a time has no length, since none was sent.
/// Without a readable time it is only proposed: R4 (app-3) wants both for a booked one.
/// </summary>
internal sealed class AppointmentTimeNode(int field) : Node
{
    private const string DayStart = "T00:00:00+07:00";
    private const string DayEnd = "T23:59:59+07:00";

    private static readonly JsonEncodedText s_start = JsonEncodedText.Encode("start");
    private static readonly JsonEncodedText s_end = JsonEncodedText.Encode("end");

    public override void Write(Pen pen)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        var text = field >= 0 ? pen.Row[field] : null;
        var length = DateDigits.ToFhir(text, fhir);
        if (length is not (10 or DateDigits.MaxLength))
        {
            pen.String(FhirParts.Status, "proposed");
            pen.Inexact |= field >= 0 ? UInt128.One << field : default;
            return;
        }

        pen.String(FhirParts.Status, "booked");
        if (length == 10)
        {
            pen.String(s_start, string.Concat(fhir[..10], DayStart));
            pen.String(s_end, string.Concat(fhir[..10], DayEnd));
        }
        else
        {
            pen.String(s_start, fhir);
            pen.String(s_end, fhir);
        }

        if (text!.Length != (length == 10 ? 8 : 12))
        {
            pen.Inexact |= UInt128.One << field;
        }
    }

    public override void Read(JsonElement parent, RowReader reader)
    {
        if (parent.TryGetProperty(s_start.EncodedUtf8Bytes, out var start) && parent.TryGetProperty(s_end.EncodedUtf8Bytes, out var end)
            && start.GetString() is { } from && DateDigits.FromFhir(from) is { } digits)
        {
            reader.Native(field, end.GetString()!.EndsWith(DayEnd, StringComparison.Ordinal) && from.EndsWith(DayStart, StringComparison.Ordinal) ? digits[..8] : digits);
        }
    }

    public override void Describe(string path, ICollection<Mention> into)
    {
        if (field >= 0)
        {
            into.Add(new Mention(field, path + ".start", Shape.AsDateTime));
        }
    }
}
