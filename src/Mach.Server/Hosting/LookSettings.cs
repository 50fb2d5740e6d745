using System.Text.Json;
using Mach.Access.Looks;

namespace Mach.Server.Hosting;

/// <summary>Reads <c>looks.json</c> of the data folder: what counts as unusual looking in this house.</summary>
internal static class LookSettings
{
    /// <summary>The rules; null when there is no file.</summary>
    /// <exception cref="HubException">The file cannot be read, or names a rule that nobody knows.</exception>
    public static LookPolicy? Read(string file)
    {
        try
        {
            return File.Exists(file) ? LookPolicy.Parse(File.ReadAllBytes(file)) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{file} cannot be read: {e.Message}");
        }
    }
}
