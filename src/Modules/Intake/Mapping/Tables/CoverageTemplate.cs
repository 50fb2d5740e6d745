using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;

namespace Mach.Intake.Mapping.Tables;

/// <summary>Coverage per insurance card. Source of the elements: hl7.org/fhir/R4/coverage.html.</summary>
internal static class CoverageTemplate
{
    /// <summary>Extension: the facility where the card is registered for first care (MA_DKBD).</summary>
    public const string RegistrationUrl = Systems.Own + "/StructureDefinition/registered-facility";

    private static readonly JsonEncodedText s_identifier = JsonEncodedText.Encode("identifier");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText s_period = JsonEncodedText.Encode("period");
    private static readonly JsonEncodedText s_extension = JsonEncodedText.Encode("extension");
    private static readonly JsonEncodedText s_url = JsonEncodedText.Encode("url");
    private static readonly JsonEncodedText s_reference = JsonEncodedText.Encode("valueReference");
    private static readonly JsonEncodedText s_payor = JsonEncodedText.Encode("payor");
    private static readonly JsonEncodedText s_display = JsonEncodedText.Encode("display");
    private static readonly JsonEncodedText s_order = JsonEncodedText.Encode("order");
    private static readonly JsonEncodedText s_start = JsonEncodedText.Encode("start");
    private static readonly JsonEncodedText s_end = JsonEncodedText.Encode("end");
    private static readonly JsonEncodedText s_status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText s_active = JsonEncodedText.Encode("active");
    private static readonly JsonEncodedText s_actCode = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/v3-ActCode");
    private static readonly JsonEncodedText s_public = JsonEncodedText.Encode("PUBLICPOL");
    private static readonly JsonEncodedText s_selfpay = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/coverage-selfpay");
    private static readonly JsonEncodedText s_pay = JsonEncodedText.Encode("pay");
    private static readonly JsonEncodedText s_subscriber = JsonEncodedText.Encode("subscriberId");
    private static readonly JsonEncodedText s_registration = JsonEncodedText.Encode(RegistrationUrl);
    private static readonly JsonEncodedText s_insurer = JsonEncodedText.Encode("Bảo hiểm xã hội Việt Nam", System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    private static readonly Node s_beneficiary = FhirParts.Patient("beneficiary");

    /// <param name="card">Parts of the card; null for a person who pays.</param>
    /// <param name="order">1-based place among the cards as sent.</param>
    public static void Write(Pen pen, string?[]? card, int order)
    {
        if (card is [{ } number, ..])
        {
            var array = pen.BeginArray(s_identifier);
            WriteIdentifier(pen, Systems.InsuranceCard, number);
            pen.EndArray(array);
        }

        pen.String(s_status, s_active);
        var type = pen.BeginObject(s_type);
        FhirParts.WriteCoding(pen, card is null ? s_selfpay : s_actCode, card is null ? s_pay : s_public);
        pen.EndObject(type);
        if (card is not null)
        {
            pen.String(s_subscriber, card[0]);
        }

        s_beneficiary.Write(pen);
        WritePeriod(pen, card);
        WritePayor(pen, card is null);
        pen.Number(s_order, order);
        WriteRegistration(pen, card);
    }

    private static void WritePeriod(Pen pen, string?[]? card)
    {
        var period = pen.BeginObject(s_period);
        WriteDate(pen, s_start, card?[2]);
        WriteDate(pen, s_end, card?[3]);
        pen.EndObject(period);
    }

    private static void WriteDate(Pen pen, JsonEncodedText name, string? digits)
    {
        Span<char> fhir = stackalloc char[DateDigits.MaxLength];
        if (DateDigits.ToFhir(digits, fhir) is var length and > 0)
        {
            pen.String(name, fhir[..length]);
        }
    }

    private static void WritePayor(Pen pen, bool self)
    {
        var array = pen.BeginArray(s_payor);
        var item = pen.BeginObject(null);
        if (self)
        {
            pen.String(FhirParts.Reference, pen.Scope.Patient);
        }
        else
        {
            pen.String(s_display, s_insurer);
        }

        pen.EndObject(item);
        pen.EndArray(array);
    }

    private static void WriteRegistration(Pen pen, string?[]? card)
    {
        if (card?[1] is not { } facility || !CodeForm.IsCode(facility))
        {
            return;
        }

        var array = pen.BeginArray(s_extension);
        var item = pen.BeginObject(null);
        pen.String(s_url, s_registration);
        var reference = pen.BeginObject(s_reference);
        var identifier = pen.BeginObject(s_identifier);
        pen.String(FhirParts.System, Systems.FacilityCode);
        pen.String(s_value, facility);
        pen.EndObject(identifier);
        pen.EndObject(reference);
        pen.EndObject(item);
        pen.EndArray(array);
    }

    private static void WriteIdentifier(Pen pen, string system, string value)
    {
        var item = pen.BeginObject(null);
        pen.String(FhirParts.System, system);
        pen.String(s_value, value);
        pen.EndObject(item);
    }
}
