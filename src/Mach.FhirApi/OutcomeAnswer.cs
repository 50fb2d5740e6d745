using System.Text.Json;
using Mach.Access;
using Microsoft.AspNetCore.Http;

namespace Mach.FhirApi;

/// <summary>Answers that are an OperationOutcome: what is wrong in English for the program's maker, a short Vietnamese sentence for who reads it.</summary>
internal static class OutcomeAnswer
{
    /// <summary>400, 401, 403, 429 and 503 on FHIR routes, for Mach.Access to write.</summary>
    public static readonly DenialFormat Denials = new((context, status, message) => WriteAsync(context, status, status switch
    {
        StatusCodes.Status401Unauthorized => "login",
        StatusCodes.Status403Forbidden => "forbidden",
        StatusCodes.Status429TooManyRequests => "throttled",
        StatusCodes.Status400BadRequest => "security",
        _ => "transient",
    }, message));

    public static Task WriteAsync(HttpContext context, int status, string code, string diagnostics, string? expression = null) =>
        WriteAsync(context, status, [new OutcomeIssue(status >= 500 ? "fatal" : "error", code, diagnostics, expression)]);

    public static async Task WriteAsync(HttpContext context, int status, IReadOnlyList<OutcomeIssue> issues)
    {
        using var buffer = new PooledBuffer();
        using (var json = new Utf8JsonWriter(buffer, FhirAnswer.Json))
        {
            Write(json, issues, Text(status));
        }

        context.Response.StatusCode = status;
        await FhirAnswer.SendAsync(context, buffer.Written, context.Request.Query["_pretty"].ToString() == "true");
    }

    public static void Write(Utf8JsonWriter json, string severity, string code, string diagnostics, string? expression, string? text) =>
        Write(json, [new OutcomeIssue(severity, code, diagnostics, expression)], text);

    /// <param name="text">For people; stands in the first issue.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<OutcomeIssue> issues, string? text)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        foreach (var (severity, code, diagnostics, expression) in issues)
        {
            json.WriteStartObject();
            json.WriteString("severity"u8, severity);
            json.WriteString("code"u8, code);
            if (text is not null)
            {
                json.WriteStartObject("details"u8);
                json.WriteString("text"u8, text);
                json.WriteEndObject();
                text = null;
            }

            json.WriteString("diagnostics"u8, diagnostics);
            if (expression is not null)
            {
                json.WriteStartArray("expression"u8);
                json.WriteStringValue(expression);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A short Vietnamese sentence for who reads it.</summary>
    public static string Text(int status) => status switch
    {
        400 => "Yêu cầu không hợp lệ.",
        401 => "Cần đăng nhập.",
        403 => "Không có quyền.",
        404 => "Không tìm thấy.",
        405 => "Phương thức không được hỗ trợ.",
        406 => "Không có định dạng được yêu cầu.",
        409 => "Dữ liệu vừa được người khác thay đổi; hãy thử lại.",
        410 => "Đã bị xóa.",
        412 => "Điều kiện của yêu cầu không còn đúng.",
        413 => "Dữ liệu gửi lên quá lớn.",
        415 => "Kiểu dữ liệu gửi lên không được hỗ trợ.",
        422 => "Nội dung không hợp lệ hoặc quá rộng để xử lý.",
        429 => "Quá nhiều yêu cầu; hãy chờ một phút.",
        503 => "Kho hồ sơ tạm thời không truy cập được; hãy thử lại.",
        _ => "Lỗi của máy chủ.",
    };
}
