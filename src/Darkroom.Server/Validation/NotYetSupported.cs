using Darkroom.Diffusion.Prompts;
using Darkroom.Engine.Jobs;
using Microsoft.Extensions.Primitives;

namespace Darkroom.Server.Validation;

/// <summary>
/// What the API's page names and this server does not do yet: answered 422, never accepted and ignored. Building one of them means deleting
/// its line.
/// </summary>
internal static class NotYetSupported
{
    /// <summary>Names of fields.</summary>
    public static readonly IReadOnlyList<string> Fields =
    [
        "max_text_tokens", "true_guidance_scale", "shift", "image_guidance_scale", "class_label", "loras", "controls", "vae",
        "variation_seed", "variation_strength", "seed_resize", "tiling", "hires", "cache", "webhook", "explain", "bit_depth",
    ];

    private static readonly (Field Field, Func<object, bool> Applies, string Reason)[] Values =
    [
        (GenerationFields.Compatibility, value => value is not Compatibility.Diffusers, "Only compatibility 'diffusers' is supported yet."),
        (GenerationFields.Prompt, value => ExtraNetwork.Find((string)value).Count > 0, "Tags such as <lora:name:weight> and <hypernet:name:weight> are not supported yet."),
    ];

    private static readonly (string Header, string Reason)[] Headers =
    [
        ("Idempotency-Key", "Idempotency keys are not supported yet; leave the header out."),
    ];

    /// <summary>Why a value cannot be served; null where it can.</summary>
    public static string? Reason(Field field, object value)
    {
        foreach (var row in Values)
            if (row.Field == field && row.Applies(value))
                return row.Reason;
        return null;
    }

    /// <summary>Adds a fault for each header that would be ignored though it promises something.</summary>
    public static void Check(IHeaderDictionary headers, FaultList faults)
    {
        foreach (var row in Headers)
            if (!StringValues.IsNullOrEmpty(headers[row.Header]))
                faults.Add(new Fault(row.Header, row.Reason) { NotBuiltYet = true });
    }
}
