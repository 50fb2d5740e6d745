using System.Text.Json;
using Mach.Testing;

namespace Mach.Vietnam.Tests;

/// <summary>The collected facts that lie beside the repository; only tests read them.</summary>
internal static class Facts
{
    internal static JsonDocument Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Repository.Published(file)));
}
