using System.Text.Json;
using Mach.Intake.Mapping.Tree;
using Mach.Vietnam;
using static Mach.Intake.Mapping.Tree.Shape;

namespace Mach.Intake.Mapping.Tables;

/// <summary>The visit. Source of the elements: hl7.org/fhir/R4/encounter.html.</summary>
internal static class EncounterTemplate
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly JsonEncodedText s_identifier = JsonEncodedText.Encode("identifier");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_status = JsonEncodedText.Encode("status");
    private static readonly JsonEncodedText s_class = JsonEncodedText.Encode("class");
    private static readonly JsonEncodedText s_actCode = JsonEncodedText.Encode(ActCode);
    private static readonly JsonEncodedText s_diagnosis = JsonEncodedText.Encode("diagnosis");
    private static readonly JsonEncodedText s_condition = JsonEncodedText.Encode("condition");
    private static readonly JsonEncodedText s_use = JsonEncodedText.Encode("use");
    private static readonly JsonEncodedText s_rank = JsonEncodedText.Encode("rank");
    private static readonly JsonEncodedText s_role = JsonEncodedText.Encode("http://terminology.hl7.org/CodeSystem/diagnosis-role");
    private static readonly JsonEncodedText s_discharge = JsonEncodedText.Encode("DD");
    private static readonly JsonEncodedText s_comorbid = JsonEncodedText.Encode("CM");

    public static Fragment Build(Shape s) => s.Build("enc", "Encounter",
    [
        Made(WriteIdentifiers),
        Made(WriteStatus),
        Arr("classHistory", Item(Obj("period", s.Time("start", "NGAY_VAO_NOI_TRU")), Made(WriteClassBeside))),
        Arr("type",
            ItemBy("id", "MA_LOAI_KCB", Arr("coding", s.Coding(Systems.BhytList("MA_LOAI_KCB"), "MA_LOAI_KCB"))),
            ItemBy("id", "MA_DOITUONG_KCB", Arr("coding", s.Coding(Systems.BhytList("MA_DOITUONG_KCB"), "MA_DOITUONG_KCB")))),
        FhirParts.Patient("subject"),
        Obj("period", s.Time("start", "NGAY_VAO"), s.End("end", "NGAY_RA", "NGAY_VAO")),
        Obj("length", s.Decimal("value", "SO_NGAY_DTRI"), Fixed("unit", "ngày"), Fixed("system", "http://unitsofmeasure.org"), Fixed("code", "d")),
        Arr("reasonCode",
            ItemBy("id", "LY_DO_VV", s.Text("text", "LY_DO_VV")),
            ItemBy("id", "LY_DO_VNT", Arr("coding", s.Coding(Systems.BhytList("MA_LY_DO_VNT"), "MA_LY_DO_VNT")), s.Text("text", "LY_DO_VNT")),
            ItemBy("id", "CHAN_DOAN_VAO", s.Text("text", "CHAN_DOAN_VAO"))),
        Made(WriteDiagnoses),
        Obj("hospitalization",
            Obj("preAdmissionIdentifier", s.Text("value", "GIAY_CHUYEN_TUYEN")),
            s.Named("origin", Systems.FacilityCode, "MA_NOI_DI"),
            s.Named("destination", Systems.FacilityCode, "MA_NOI_DEN"),
            Obj("dischargeDisposition", Arr("coding",
                s.Coding(Systems.BhytList("MA_LOAI_RV"), "MA_LOAI_RV"),
                s.Coding(Systems.BhytList("KET_QUA_DTRI"), "KET_QUA_DTRI")))),
        Arr("location", Item(s.Named("location", Systems.BhytList("MA_KHOA"), "MA_KHOA"))),
        FhirParts.Organization("serviceProvider"),
    ]);

    /// <summary>HL7 act class of a form of care. Source: MA_LOAI_KCB list of QĐ 824/QĐ-BYT 2023 and QĐ 1804/QĐ-BYT 2026.</summary>
    public static string ClassOf(string? formOfCare) => formOfCare switch
    {
        "03" or "3" or "04" or "4" => "IMP",
        "06" or "6" => "OBSENC",
        "09" or "9" => "SS",
        "11" => "FLD",
        "12" => "HH",
        "14" => "VR",
        _ => "AMB",
    };

    private static void WriteIdentifiers(Pen pen)
    {
        var array = pen.BeginArray(s_identifier);
        WriteIdentifier(pen, Systems.EpisodeNumber(pen.Scope.Dossier.FacilityCode), pen.Scope.Dossier.MaLk);
        if (pen.Row.Get("MA_HSBA") is { } number)
        {
            WriteIdentifier(pen, $"{Systems.Own}/sid/ma-hsba/{pen.Scope.Dossier.FacilityCode}", number);
        }

        pen.EndArray(array);
    }

    private static void WriteIdentifier(Pen pen, string system, string value)
    {
        var item = pen.BeginObject(null);
        pen.String(FhirParts.System, system);
        pen.String(s_value, value);
        pen.EndObject(item);
    }

    private static void WriteStatus(Pen pen)
    {
        var ended = !pen.Scope.Dossier.IsCheckIn && pen.Row["NGAY_RA"] is { } end && AsDateTime.Accepts(end);
        pen.String(s_status, ended ? "finished" : "in-progress");
        var item = pen.BeginObject(s_class);
        pen.String(FhirParts.System, s_actCode);
        pen.String(FhirParts.CodeName, ClassOf(pen.Row.Get("MA_LOAI_KCB")));
        pen.EndObject(item);
    }

    /// <summary>The class that goes with the time of admission, when that was said.</summary>
    private static void WriteClassBeside(Pen pen)
    {
        if (pen.Row["NGAY_VAO_NOI_TRU"] is { } time && AsDateTime.Accepts(time))
        {
            var item = pen.BeginObject(s_class);
            pen.String(FhirParts.System, s_actCode);
            pen.String(FhirParts.CodeName, ClassOf(pen.Row.Get("MA_LOAI_KCB")));
            pen.EndObject(item);
        }
    }

    private static void WriteDiagnoses(Pen pen)
    {
        var diagnoses = pen.Scope.Diagnoses;
        var array = pen.BeginArray(s_diagnosis);
        var rank = 0;
        if (diagnoses.Main is { } main)
        {
            WriteDiagnosis(pen, main.Id, s_discharge, ++rank);
        }

        foreach (var other in diagnoses.Others)
        {
            WriteDiagnosis(pen, other.Id, s_comorbid, ++rank);
        }

        pen.EndArray(array);
    }

    private static void WriteDiagnosis(Pen pen, string id, JsonEncodedText role, int rank)
    {
        var item = pen.BeginObject(null);
        var condition = pen.BeginObject(s_condition);
        pen.String(FhirParts.Reference, string.Concat("Condition/", id));
        pen.EndObject(condition);
        var use = pen.BeginObject(s_use);
        FhirParts.WriteCoding(pen, s_role, role);
        pen.EndObject(use);
        pen.Number(s_rank, rank);
        pen.EndObject(item);
    }
}
