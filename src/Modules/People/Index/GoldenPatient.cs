using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mach.Contracts.People;
using Mach.Kernel;
using Mach.Vietnam;

namespace Mach.People.Index;

/// <summary>
/// The golden view of a person as a FHIR Patient: identifiers and phones are united, every other part follows the newest claim.
/// Elements that this code does not know stay as they are.
/// </summary>
internal static class GoldenPatient
{
    private const string Extension = Systems.Own + "/StructureDefinition/";
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="disputed">Keys that another person holds: kept with <c>use</c> = temp.</param>
    public static byte[] Create(string id, PersonClaim claim, IReadOnlySet<string> disputed, out FieldTimes times)
    {
        var root = new JsonObject
        {
            ["resourceType"] = "Patient",
            ["id"] = id,
            ["meta"] = new JsonObject { ["source"] = claim.Source },
            ["active"] = true,
        };
        var empty = default(FieldTimes);
        Apply(root, claim, disputed, ref empty);
        times = empty;
        return Bytes(root);
    }

    /// <summary>The body with the claim merged in, or null when nothing changes. <paramref name="times"/> follows in either case.</summary>
    public static byte[]? Merge(ReadOnlyMemory<byte> body, PersonClaim claim, IReadOnlySet<string> disputed, ref FieldTimes times)
    {
        var root = JsonNode.Parse(body.Span)!.AsObject();
        return Apply(root, claim, disputed, ref times) ? Bytes(root) : null;
    }

    public static byte[] Bytes(JsonObject root) => JsonSerializer.SerializeToUtf8Bytes(root, Readable);

    private static bool Apply(JsonObject root, PersonClaim claim, IReadOnlySet<string> disputed, ref FieldTimes times)
    {
        var now = FieldTimes.Minutes(claim.AsOf);
        var changed = AddIdentifiers(root, claim, disputed);
        changed |= SetName(root, claim.Name, now >= times.Name);
        changed |= AddPhone(root, claim.Phone);
        changed |= SetGender(root, claim.Gender, now >= times.Gender);
        changed |= SetBirthDate(root, claim.BirthDate, now >= times.Birth);
        changed |= Death.Apply(root, claim);
        changed |= SetAddress(root, claim, now >= times.Address);
        changed |= SetCodes(root, claim, now >= times.Codes);
        times = new FieldTimes(
            claim.Name.Length > 0 ? Math.Max(times.Name, now) : times.Name,
            claim.Gender != "unknown" ? Math.Max(times.Gender, now) : times.Gender,
            claim.BirthDate is null ? times.Birth : Math.Max(times.Birth, now),
            claim.Phone is null ? times.Phone : Math.Max(times.Phone, now),
            claim.Address is null ? times.Address : Math.Max(times.Address, now),
            Math.Max(times.Codes, now));
        return changed;
    }

    private static bool AddIdentifiers(JsonObject root, PersonClaim claim, IReadOnlySet<string> disputed)
    {
        var changed = false;
        void Add(string system, string value) => changed |= AddIdentifier(root, system, value, disputed.Contains(system + "|" + value));

        if (claim.NationalId is { } national)
        {
            Add(Systems.NationalId, national);
        }

        foreach (var number in PatientKeys.InsuranceNumbers(claim))
        {
            Add(Systems.InsuranceNumber, number);
        }

        foreach (var card in claim.InsuranceCards.Where(c => c.Trim().Length == 15))
        {
            Add(Systems.InsuranceCard, card.Trim());
        }

        if (claim.PatientNumber is { } own)
        {
            Add(Systems.PatientNumber(claim.Facility), own);
        }

        return changed;
    }

    private static bool AddIdentifier(JsonObject root, string system, string value, bool temporary)
    {
        var identifiers = Array(root, "identifier");
        if (identifiers.Any(i => (string?)i?["system"] == system && (string?)i["value"] == value))
        {
            return false;
        }

        var identifier = new JsonObject();
        if (temporary)
        {
            identifier["use"] = "temp";
        }

        identifier["system"] = system;
        identifier["value"] = value;
        identifiers.Add((JsonNode)identifier);
        return true;
    }

    private static bool SetName(JsonObject root, string sent, bool newer)
    {
        var text = VietnameseText.Compose(sent.Trim());
        var known = (string?)(root["name"] as JsonArray)?[0]?["text"];
        if (text.Length == 0 || text == known || (known is not null && !newer) || IsPoorer(text, known))
        {
            return false;
        }

        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var name = new JsonObject { ["use"] = "official", ["text"] = text, ["family"] = words[0] };
        if (words.Length > 1)
        {
            name["given"] = new JsonArray([.. words.Skip(1).Select(w => (JsonNode)w)]);
        }

        root["name"] = new JsonArray(name);
        return true;
    }

    /// <summary>The same name typed without its tones says nothing new.</summary>
    private static bool IsPoorer(string text, string? known) =>
        known is not null && !VietnameseText.HasDiacritics(text) && VietnameseText.HasDiacritics(known) && VietnameseText.Fold(text) == VietnameseText.Fold(known);

    private static bool AddPhone(JsonObject root, string? phone)
    {
        if (phone is null || (root["telecom"] is JsonArray known && known.Any(t => (string?)t?["value"] == phone)))
        {
            return false;
        }

        Array(root, "telecom").Insert(0, new JsonObject { ["system"] = "phone", ["value"] = phone });
        return true;
    }

    private static bool SetGender(JsonObject root, string gender, bool newer)
    {
        var known = (string?)root["gender"];
        if (gender == known || (known is not null && (gender == "unknown" || (!newer && known != "unknown"))))
        {
            return false;
        }

        root["gender"] = gender;
        return true;
    }

    /// <summary>A year alone does not replace a full date of the same year.</summary>
    private static bool SetBirthDate(JsonObject root, PartialDate? birth, bool newer)
    {
        var sent = birth is { } b ? (b with { Hour = -1, Minute = -1, Second = -1 }).ToString() : null;
        var known = (string?)root["birthDate"];
        var finer = sent is not null && known is not null && sent.StartsWith(known, StringComparison.Ordinal);
        if (sent is null || sent == known || (known is not null && !finer && (!newer || known.StartsWith(sent, StringComparison.Ordinal))))
        {
            return false;
        }

        root["birthDate"] = sent;
        return true;
    }

    private static bool SetAddress(JsonObject root, PersonClaim claim, bool newer)
    {
        if (claim.Address is null && claim.CommuneCode is null && claim.ProvinceCode is null)
        {
            return false;
        }

        var known = (root["address"] as JsonArray)?[0];
        if (known is not null && !newer)
        {
            return false;
        }

        var address = new JsonObject { ["use"] = "home" };
        var codes = new JsonArray();
        AddCode(codes, "commune-code", claim.CommuneCode);
        AddCode(codes, "province-code", claim.ProvinceCode);
        if (codes.Count > 0)
        {
            address["extension"] = codes;
        }

        if (claim.Address is { } text)
        {
            address["text"] = VietnameseText.Compose(text.Trim());
        }

        address["country"] = "VN";
        if (JsonNode.DeepEquals(known, address))
        {
            return false;
        }

        root["address"] = new JsonArray(address);
        return true;
    }

    private static bool SetCodes(JsonObject root, PersonClaim claim, bool newer)
    {
        var changed = false;
        foreach (var (name, value) in new[] { ("ethnicity", claim.EthnicityCode), ("nationality", claim.NationalityCode), ("occupation", claim.OccupationCode), ("blood-group", claim.BloodGroup) })
        {
            if (value is null)
            {
                continue;
            }

            var all = Array(root, "extension");
            var known = all.FirstOrDefault(e => (string?)e?["url"] == Extension + name);
            if (known is null)
            {
                AddCode(all, name, value);
                changed = true;
            }
            else if (newer && (string?)known["valueString"] != value)
            {
                known["valueString"] = value;
                changed = true;
            }
        }

        return changed;
    }

    private static void AddCode(JsonArray extensions, string name, string? value)
    {
        if (value is not null)
        {
            extensions.Add((JsonNode)new JsonObject { ["url"] = Extension + name, ["valueString"] = value });
        }
    }

    private static JsonArray Array(JsonObject root, string name)
    {
        if (root[name] is not JsonArray array)
        {
            root[name] = array = [];
        }

        return array;
    }
}
