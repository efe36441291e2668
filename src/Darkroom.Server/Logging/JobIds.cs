namespace Darkroom.Server.Logging;

/// <summary>The job that a request is about: the log names it, and so does the answer, whatever it is.</summary>
internal static class JobIds
{
    public const string Header = "X-Job-Id";

    private const string Item = "darkroom.job";

    public static void Set(HttpContext context, string id)
    {
        context.Items[Item] = id;
        context.Response.Headers[Header] = id;
    }

    /// <summary>The job's id; null where the request is about none.</summary>
    public static string? Of(HttpContext context) => context.Items[Item] as string;
}
