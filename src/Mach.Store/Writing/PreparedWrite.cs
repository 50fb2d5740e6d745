using System.Security.Cryptography;
using System.Text.Json;
using Mach.Fhir.Search;
using Mach.Store.Codec;
using Mach.Store.Hashing;

namespace Mach.Store.Writing;

/// <summary>A write with everything done that needs no database: parsed, hashed, compressed, its keys extracted. Made on the caller's thread.</summary>
internal sealed class PreparedWrite
{
    public static readonly byte[] EmptySha = SHA256.HashData([]);

    [ThreadStatic]
    private static IndexKeys? _extracted;

    public required Write Write { get; init; }
    public required short Type { get; init; }
    public byte[] Sha { get; private init; } = EmptySha;
    public short Codec { get; private init; }
    public byte[]? Packed { get; private init; }
    public required BodyKeys Keys { get; init; }

    public (short Type, string Id) Key => (Type, Write.Id);

    /// <exception cref="ArgumentException">Unknown type, bad id, or a body that is not JSON of that type and id.</exception>
    public static PreparedWrite From(Write write, StoreSecret secret, SearchCatalog catalog)
    {
        if (!ResourceTypes.Exists(write.Type))
        {
            throw new ArgumentException($"'{write.Type}' is not an R4 resource type.", nameof(write));
        }

        if (!IsId(write.Id))
        {
            throw new ArgumentException($"'{write.Id}' is not a FHIR id (1–64 letters, digits, '-' or '.').", nameof(write));
        }

        var type = ResourceTypes.Number(write.Type);
        if (write.Kind == WriteKind.Delete)
        {
            return new PreparedWrite { Write = write, Type = type, Keys = BodyKeys.None };
        }

        var keys = KeysOf(write, secret, catalog);
        var (codec, packed) = BodyCodec.Encode(write.Body.Span);
        return new PreparedWrite { Write = write, Type = type, Keys = keys, Sha = SHA256.HashData(write.Body.Span), Codec = codec, Packed = packed };
    }

    /// <summary>What is stored already, with the keys that its head should have.</summary>
    public static PreparedWrite OfStored(Write write, BodyKeys keys) => new() { Write = write, Type = ResourceTypes.Number(write.Type), Keys = keys };

    /// <summary>R4 §2.24.0.1 id: [A-Za-z0-9\-\.]{1,64}.</summary>
    public static bool IsId(string id)
    {
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.'))
            {
                return false;
            }
        }

        return id.Length is >= 1 and <= 64;
    }

    private static BodyKeys KeysOf(Write write, StoreSecret secret, SearchCatalog catalog)
    {
        try
        {
            using var document = JsonDocument.Parse(write.Body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("resourceType"u8, out var type) || !type.ValueEquals(write.Type)
                || !root.TryGetProperty("id"u8, out var id) || !id.ValueEquals(write.Id))
            {
                throw new ArgumentException($"The body of {write.Type}/{write.Id} has another resourceType or id.", nameof(write));
            }

            return BodyKeys.Of(root, _extracted ??= new IndexKeys(), secret, catalog);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The body of {write.Type}/{write.Id} is not JSON: {e.Message}", nameof(write), e);
        }
        catch (InvalidOperationException e)
        {
            // JsonElement says so for a value of another kind than the element has (id: 5).
            throw new ArgumentException($"The body of {write.Type}/{write.Id} has a value of the wrong kind: {e.Message}", nameof(write), e);
        }
    }
}
