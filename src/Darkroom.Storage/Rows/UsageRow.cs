using System.Globalization;

namespace Darkroom.Storage.Rows;

/// <summary>Columns of a day of an account, whatever database holds it, in the order in which they are read and written.</summary>
internal static class UsageRow
{
    public const string Columns =
        "day, account, succeeded, failed, cancelled, expired, pictures, megapixel_steps, device_seconds, processor_seconds, joules";

    /// <summary>What an insert does where there is such a day already: adds up. A sum of joules is of those that are known.</summary>
    public const string AddUp =
        "ON CONFLICT (day, account) DO UPDATE SET succeeded = usage_day.succeeded + excluded.succeeded, failed = usage_day.failed + excluded.failed, " +
        "cancelled = usage_day.cancelled + excluded.cancelled, expired = usage_day.expired + excluded.expired, " +
        "pictures = usage_day.pictures + excluded.pictures, megapixel_steps = usage_day.megapixel_steps + excluded.megapixel_steps, " +
        "device_seconds = usage_day.device_seconds + excluded.device_seconds, " +
        "processor_seconds = usage_day.processor_seconds + excluded.processor_seconds, " +
        "joules = coalesce(usage_day.joules + excluded.joules, usage_day.joules, excluded.joules)";

    /// <summary>A day as text that is in the order of days.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
