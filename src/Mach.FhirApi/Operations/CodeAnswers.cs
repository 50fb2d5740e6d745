using System.Text.Json;
using Mach.Fhir.Definitions;
using Mach.FhirApi.Bodies;
using Mach.FhirApi.Terminology;
using Mach.Kernel;
using Mach.Vietnam.Terminology;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Operations;

/// <summary>CodeSystem/$lookup: the names of a code and what stands above it.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/codesystem-operation-lookup.html.</remarks>
internal static class Lookup
{
    public static async Task HandleAsync(FhirCall call)
    {
        call.NeedType('r');
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, "system", "code", "coding", "displayLanguage", "property");
        var (system, code, _) = CodeAnswers.Coding(input, "system");
        if (system is null || code is null)
        {
            throw new FhirProblem(400, "required", "Say system and code, or coding.", "code");
        }

        var english = Expand.IsEnglish(input);
        CodeAnswers.NeedSystem(system);
        var found = BuiltIn.Find(system, code, english)
            ?? throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"{FhirCall.Shorten(system)} has no code {FhirCall.Shorten(code)}.", "code");
        var parent = system == BuiltIn.Icd10 ? Icd10List.Parent(code)?.Code : CodeSystems.Find(system)?.Find(code)?.Parent?.Code;
        await CodeAnswers.SendAsync(call, json =>
        {
            CodeAnswers.Part(json, "name", system == BuiltIn.Icd10 ? "ICD-10" : CodeSystems.Find(system)!.Name);
            CodeAnswers.Part(json, "display", found.Display ?? found.Code);
            if (found.Other is { } other)
            {
                CodeAnswers.Parts(json, "designation", ("language", "valueCode", other.Language), ("value", "valueString", other.Text));
            }

            if (parent is not null)
            {
                CodeAnswers.Parts(json, "property", ("code", "valueCode", "parent"), ("value", "valueCode", parent));
            }
        });
    }
}

/// <summary>CodeSystem/$validate-code, ValueSet/$validate-code and ValueSet/id/$validate-code: whether a code is one of these, and is called so.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/codesystem-operation-validate-code.html, http://hl7.org/fhir/R4/valueset-operation-validate-code.html.</remarks>
internal static class ValidateCode
{
    public static async Task SystemAsync(FhirCall call)
    {
        call.NeedType('r');
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, "url", "code", "coding", "display", "displayLanguage");
        var (system, code, display) = CodeAnswers.Coding(input, "url");
        if (system is null || code is null)
        {
            throw new FhirProblem(400, "required", "Say url and code, or coding.", "code");
        }

        CodeAnswers.NeedSystem(system);
        await AnswerAsync(call, BuiltIn.Find(system, code, Expand.IsEnglish(input)), code, display, $"{system} has no code '{FhirCall.Shorten(code)}'.");
    }

    public static async Task SetAsync(FhirCall call)
    {
        call.NeedType('r');
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, ["url", "valueSet", .. AboutCode]);
        var source = new ValueSetSource(call, Expand.IsEnglish(input));
        if (input.Object("valueSet") is { ValueKind: JsonValueKind.Object } inline)
        {
            await AnswerAsync(call, input, JsonBody.TextOf(inline, "url"u8) ?? "The value set", await source.ExpandAsync(inline, null));
            return;
        }

        var url = input.Text("url") ?? throw new FhirProblem(400, "required", "Say which value set: url, or a ValueSet as valueSet.", "url");
        await AnswerAsync(call, input, url, await source.ExpandAsync(url, null));
    }

    public static async Task StoredSetAsync(FhirCall call)
    {
        var (type, id) = (call.NeedType('r'), call.NeedId());
        var input = await OperationInput.ReadAsync(call);
        input.NeedOnly(call, AboutCode);
        using var stored = await Expand.StoredAsync(call, type, id);
        await AnswerAsync(call, input, $"{type}/{id}", await new ValueSetSource(call, Expand.IsEnglish(input)).ExpandAsync(stored.RootElement, null));
    }

    private static readonly string[] AboutCode = ["system", "code", "coding", "codeableConcept", "display", "displayLanguage"];

    /// <param name="set">What the value set is called.</param>
    private static async Task AnswerAsync(FhirCall call, OperationInput input, string set, List<Coded> codes)
    {
        var asked = Asked(input).ToList();
        if (asked.Count == 0)
        {
            throw new FhirProblem(400, "required", "Say code, coding or codeableConcept.", "code");
        }

        foreach (var (system, code, display) in asked)
        {
            if (codes.Find(c => c.Code == code && (system is null || c.System == system)) is { } found)
            {
                await AnswerAsync(call, found, code, display, "");
                return;
            }
        }

        await AnswerAsync(call, null, asked[0].Code, null, $"{set} does not hold '{FhirCall.Shorten(asked[0].Code)}'.");
    }

    private static IEnumerable<(string? System, string Code, string? Display)> Asked(OperationInput input)
    {
        var concept = input.Object("codeableConcept");
        if (concept.ValueKind == JsonValueKind.Object)
        {
            return concept.TryGetProperty("coding"u8, out var codings) && codings.ValueKind == JsonValueKind.Array
                ? codings.EnumerateArray().Where(c => JsonBody.TextOf(c, "code"u8) is not null).Select(c => (JsonBody.TextOf(c, "system"u8), JsonBody.TextOf(c, "code"u8)!, JsonBody.TextOf(c, "display"u8)))
                : [];
        }

        var (system, code, display) = CodeAnswers.Coding(input, "system");
        return code is null ? [] : [(system, code, display)];
    }

    private static Task AnswerAsync(FhirCall call, Coded? found, string code, string? display, string why)
    {
        var named = found is null || display is null || IsNamed(found.Display, display) || IsNamed(found.Other?.Text, display);
        return CodeAnswers.SendAsync(call, json =>
        {
            CodeAnswers.Flag(json, "result", found is not null && named);
            if (found is null || !named)
            {
                CodeAnswers.Part(json, "message", found is null ? why : $"'{FhirCall.Shorten(code)}' is called '{found.Display}', not '{FhirCall.Shorten(display!)}'.");
            }

            if (found?.Display is { } name)
            {
                CodeAnswers.Part(json, "display", name);
            }
        });
    }

    private static bool IsNamed(string? name, string display) => name is not null && VietnameseText.Fold(name) == VietnameseText.Fold(display);
}

/// <summary>What the operations about codes share.</summary>
internal static class CodeAnswers
{
    /// <param name="system">Name of the parameter that says the system beside a plain code.</param>
    public static (string? System, string? Code, string? Display) Coding(OperationInput input, string system)
    {
        var coding = input.Object("coding");
        if (coding.ValueKind == JsonValueKind.Object)
        {
            return (JsonBody.TextOf(coding, "system"u8), JsonBody.TextOf(coding, "code"u8), JsonBody.TextOf(coding, "display"u8));
        }

        return input.Text("coding")?.Split('|') is [var of, var code] ? (of, code, input.Text("display")) : (input.Text(system), input.Text("code"), input.Text("display"));
    }

    /// <exception cref="FhirProblem">404.</exception>
    public static void NeedSystem(string system)
    {
        if (!BuiltIn.IsSystem(system))
        {
            throw new FhirProblem(StatusCodes.Status404NotFound, "not-found", $"The code system {FhirCall.Shorten(system)} is not known here.", "system");
        }
    }

    /// <param name="write">Writes the parameters; null = there are none.</param>
    public static async Task SendAsync(FhirCall call, Action<Utf8JsonWriter>? write)
    {
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            if (write is not null)
            {
                json.WriteStartArray("parameter"u8);
                write(json);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        await FhirAnswer.SendAsync(call, buffer.Written);
    }

    public static void Part(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("valueString"u8, value);
        json.WriteEndObject();
    }

    public static void Flag(Utf8JsonWriter json, string name, bool value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteBoolean("valueBoolean"u8, value);
        json.WriteEndObject();
    }

    public static void Parts(Utf8JsonWriter json, string name, params (string Name, string Property, string Value)[] parts)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteStartArray("part"u8);
        foreach (var (part, property, value) in parts)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, part);
            json.WriteString(property, value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
