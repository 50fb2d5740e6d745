namespace Mach.Vietnam.Bhyt.Checks;

/// <summary>Services, their results, and what each cost group must carry.</summary>
internal static class ServiceChecks
{
    public static void Run(CheckContext context)
    {
        if (context.Dossier.IsCheckIn)
        {
            return;
        }

        var services = context.Rows("XML3");
        var results = context.Rows("XML4");
        var ordered = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var service in services)
        {
            if (service.Get("MA_DICH_VU") is { } code)
            {
                ordered.TryAdd(Bare(code), service.Get("MA_NHOM"));
            }

            CheckService(context, service);
        }

        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var result in results)
        {
            if (result.Get("MA_DICH_VU") is not { } code)
            {
                continue;
            }

            reported.Add(Bare(code));
            if (!ordered.TryGetValue(Bare(code), out var group))
            {
                context.Add(CheckRules.ResultNoService, result, "MA_DICH_VU", "không có dịch vụ này ở XML3. Hãy kiểm tra mã hoặc bổ sung dịch vụ.", "XML3 has no such service. Check the code, or add the service.");
            }
            else if (group == "2" && result.Get("KET_LUAN") is null)
            {
                context.Add(CheckRules.ResultConclusion, result, "KET_LUAN", "kết quả chẩn đoán hình ảnh phải có kết luận. Hãy bổ sung.", "an imaging result must have a conclusion. Add it.");
            }
        }

        foreach (var service in services)
        {
            if (service.Get("MA_NHOM") is "1" or "2" or "3" && service.Get("MA_DICH_VU") is { } code && !reported.Contains(Bare(code)))
            {
                context.Add(CheckRules.ServiceNoResult, service, "MA_DICH_VU", "không có kết quả ở XML4. Hãy gửi kết quả của dịch vụ này.", "has no result in XML4. Send the result of this service.");
            }
        }
    }

    private static void CheckService(CheckContext context, DossierRow service)
    {
        switch (service.Get("MA_NHOM"))
        {
            case "1" or "2" or "3" when service.Get("MA_MAY") is null:
                context.Add(CheckRules.ServiceMachine, service, "MA_MAY", "dịch vụ cận lâm sàng chưa ghi mã máy. Hãy bổ sung nếu có dùng máy.", "a diagnostic service names no machine. Add it if one was used.");
                break;
            case "8" when service.Get("PP_VO_CAM") is null:
                context.Add(CheckRules.ServiceAnaesthesia, service, "PP_VO_CAM", "phẫu thuật chưa ghi phương pháp vô cảm (1–4). Hãy bổ sung nếu có.", "surgery names no anaesthesia (1–4). Add it if there was one.");
                break;
            case "14" or "15" or "16" when !(service.Get("MA_GIUONG") ?? "").Split(';').Any(IsBed):
                context.Add(CheckRules.ServiceBed, service, "MA_GIUONG", "mã giường phải gồm H, T, C hoặc K và ba chữ số (ví dụ H001). Hãy sửa.", "a bed is H, T, C or K and three digits (such as H001). Correct it.");
                break;
        }
    }

    private static bool IsBed(string bed) => bed.Trim() is ['H' or 'T' or 'C' or 'K', >= '0' and <= '9', >= '0' and <= '9', >= '0' and <= '9'];

    /// <summary>The code without the endings that tell how it was done (local anaesthesia _GT, stopped _TB).</summary>
    private static string Bare(string code) => code.IndexOf('_', StringComparison.Ordinal) is var i and > 0 ? code[..i] : code;
}
