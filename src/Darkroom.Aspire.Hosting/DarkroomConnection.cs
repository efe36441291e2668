using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>How a server is said to those who call it.</summary>
internal static class DarkroomConnection
{
    public const string EndpointName = "http";

    public static ReferenceExpression Of(IDarkroomResource server)
    {
        var address = server.PrimaryEndpoint.Property(EndpointProperty.Url);
        return server.ApiKey is { } key ? ReferenceExpression.Create($"Endpoint={address};Key={key}") : ReferenceExpression.Create($"Endpoint={address}");
    }

    /// <summary>The same piece by piece, for programs that read no such text: <c>DARKROOM_URI</c>, <c>DARKROOM_KEY</c>.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> PropertiesOf(IDarkroomResource server)
    {
        yield return new("Uri", ReferenceExpression.Create($"{server.PrimaryEndpoint.Property(EndpointProperty.Url)}"));
        if (server.ApiKey is { } key) yield return new("Key", ReferenceExpression.Create($"{key}"));
    }
}
