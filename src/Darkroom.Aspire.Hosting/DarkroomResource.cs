using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>A Darkroom server in a container.</summary>
/// <param name="name">Of the resource, and of its connection string.</param>
public sealed class DarkroomResource(string name) : ContainerResource(name), IDarkroomResource
{
    /// <inheritdoc/>
    public EndpointReference PrimaryEndpoint => field ??= new(this, DarkroomConnection.EndpointName);

    /// <inheritdoc/>
    public ParameterResource? ApiKey { get; internal set; }

    /// <summary><c>Endpoint=http://…;Key=…</c>, as <c>AddDarkroomClient</c> of Darkroom.Client reads it.</summary>
    public ReferenceExpression ConnectionStringExpression => DarkroomConnection.Of(this);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => DarkroomConnection.PropertiesOf(this);
}
