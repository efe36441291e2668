using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting;

/// <summary>A Darkroom server of an app host, whatever it runs in.</summary>
public interface IDarkroomResource : IResourceWithConnectionString, IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithWaitSupport
{
    /// <summary>Where the server answers.</summary>
    EndpointReference PrimaryEndpoint { get; }

    /// <summary>The key that callers need; null: none.</summary>
    ParameterResource? ApiKey { get; }
}
