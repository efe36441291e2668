using System.Text;

namespace Darkroom.Server.Logging;

/// <summary>
/// An exception without its messages: types and stack traces. A message may quote what was worked on, and that is a person's prompt; the place
/// where it happened is what a fix needs.
/// </summary>
internal static class ExceptionShape
{
    public static string Of(Exception exception)
    {
        var text = new StringBuilder();
        for (var one = exception; one is not null; one = one.InnerException)
        {
            if (text.Length > 0) text.AppendLine().Append("caused by ");
            text.Append(one.GetType().FullName);
            if (one.StackTrace is { } trace) text.AppendLine().Append(trace);
        }
        return text.ToString();
    }
}
