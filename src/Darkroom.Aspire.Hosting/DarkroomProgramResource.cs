using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>A Darkroom server as a process of this machine.</summary>
/// <param name="name">Of the resource, and of its connection string.</param>
/// <param name="command">What is started.</param>
/// <param name="workingDirectory">Where it is started.</param>
public sealed class DarkroomProgramResource(string name, string command, string workingDirectory)
    : ExecutableResource(name, command, workingDirectory), IDarkroomResource
{
    /// <inheritdoc/>
    public EndpointReference PrimaryEndpoint => field ??= new(this, DarkroomConnection.EndpointName);

    /// <inheritdoc/>
    public ParameterResource? ApiKey { get; internal set; }

    /// <summary><c>Endpoint=http://…</c>, with <c>;Key=…</c> where there is one, as <c>AddDarkroomClient</c> of Darkroom.Client reads it.</summary>
    public ReferenceExpression ConnectionStringExpression => DarkroomConnection.Of(this);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => DarkroomConnection.PropertiesOf(this);
}
