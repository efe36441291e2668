using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// What the API's page names and this server does not do yet: answered 422, never accepted and ignored. Building one of them means deleting
/// its line.
/// </summary>
internal static class NotYetSupported
{
    private static readonly (Field Field, Func<object, bool> Applies, string Reason)[] Values =
    [
        (GenerationFields.Compatibility, value => value is not Compatibility.Diffusers, "Only compatibility 'diffusers' is supported yet."),
    ];

    /// <summary>Why a value cannot be served; null where it can.</summary>
    public static string? Reason(Field field, object value)
    {
        foreach (var row in Values)
            if (row.Field == field && row.Applies(value))
                return row.Reason;
        return null;
    }
}
