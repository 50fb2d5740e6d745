using Mach.Access;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi.Writing;

/// <summary>Answers a single write: status, ETag, Last-Modified, where it is, and what the client prefers to get back.</summary>
/// <remarks>Source: http://hl7.org/fhir/R4/http.html#create, #update, #delete, #ops.</remarks>
internal static class WriteAnswer
{
    public static async Task SendAsync(FhirCall call, Written written)
    {
        var response = call.Context.Response;
        var preference = Preferences.Of(call.Context.Request);
        response.StatusCode = written.Status;
        if (written.Version > 0)
        {
            response.Headers.ETag = FhirAnswer.ETag(written.Version);
            response.Headers.LastModified = FhirAnswer.HttpDate(written.At);
        }

        if (written.Status == StatusCodes.Status204NoContent)
        {
            await SendDeletedAsync(call, written, preference);
            return;
        }

        var place = $"{call.Base}/{written.Type}/{written.Id}/_history/{written.Version}";
        if (written.Status == StatusCodes.Status201Created || HttpMethods.IsPost(call.Context.Request.Method))
        {
            response.Headers.Location = place;
        }
        else
        {
            response.Headers.ContentLocation = place;
        }

        switch (preference)
        {
            case Preference.Outcome:
                await OutcomeAnswer.WriteAsync(call.Context, written.Status, [Said(written)]);
                break;
            case Preference.Unsaid or Preference.Representation when MaySee(call, written):
                using (var buffer = new PooledBuffer())
                {
                    written.AsStored().WriteTo(buffer);
                    await FhirAnswer.SendAsync(call, buffer.Written);
                }

                break;
            default:
                response.ContentLength = 0;
                break;
        }
    }

    /// <summary>What the client sent itself is given back; what it did not needs the right to read.</summary>
    public static bool MaySee(FhirCall call, Written written) => written.IsOwn || call.User.MayReadFhir(written.Type, 'r');

    public static OutcomeIssue Said(Written written) => new("information", "informational", written switch
    {
        { Status: 201 } => $"Created {written.Type}/{written.Id}, version {written.Version}.",
        { Status: 204, Version: 0 } => $"There was no {written.Type} to delete.",
        { Status: 204 } => $"Deleted {written.Type}/{written.Id}.",
        _ => $"{written.Type}/{written.Id} is at version {written.Version}.",
    });

    private static async Task SendDeletedAsync(FhirCall call, Written written, Preference preference)
    {
        if (preference == Preference.Outcome)
        {
            await OutcomeAnswer.WriteAsync(call.Context, StatusCodes.Status200OK, [Said(written)]);
        }
    }
}
