using System.Text;
using Mach.Intake.Mapping;

namespace Mach.Intake.Filing;

/// <summary>The resources that a version of a dossier made, as one text: so the next version can delete what it no longer has.</summary>
internal static class ResourceList
{
    public static string Write(string dossier, IReadOnlyList<MappedResource> resources)
    {
        var text = new StringBuilder(resources.Count * 24);
        foreach (var resource in resources)
        {
            text.Append(resource.Type).Append('/');
            if (resource.Id.StartsWith(dossier, StringComparison.Ordinal))
            {
                text.Append('~').Append(resource.Id, dossier.Length, resource.Id.Length - dossier.Length);
            }
            else
            {
                text.Append(resource.Id);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public static IEnumerable<(string Type, string Id)> Read(string dossier, string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var slash = line.IndexOf('/', StringComparison.Ordinal);
            var id = line[(slash + 1)..];
            yield return (line[..slash], id.StartsWith('~') ? dossier + id[1..] : id);
        }
    }
}
