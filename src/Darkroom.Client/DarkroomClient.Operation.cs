using System.Globalization;
using System.Net;
using Darkroom.Client.Operation;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <content>How a server is.</content>
public sealed partial class DarkroomClient
{
    /// <summary>What runs there.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<ServerVersion> GetVersionAsync(CancellationToken cancellationToken = default) =>
        calls.GetAsync("v1/version", ClientJson.Default.ServerVersion, cancellationToken);

    /// <summary>Whether the server is worth sending work; it is asked once.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<ServerReadiness> GetReadinessAsync(CancellationToken cancellationToken = default)
    {
        using var request = calls.Request(HttpMethod.Get, "readyz");
        using var response = await Http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
            && response.Content.Headers.ContentType?.MediaType == "application/json")
            return await ServerCalls.JsonAsync(response, ClientJson.Default.ServerReadiness, cancellationToken).ConfigureAwait(false);
        throw await ProblemReader.ReadAsync(response, calls.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the server is at: queue, devices, memory, and what was done in the last minute.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<ServerStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        calls.GetAsync("v1/stats", ClientJson.Default.ServerStats, cancellationToken);

    /// <summary>Devices that make pictures.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public Task<IReadOnlyList<DeviceInfo>> ListDevicesAsync(CancellationToken cancellationToken = default) =>
        ListAsync("v1/devices", ClientJson.Default.Devices, cancellationToken);

    /// <summary>What the key used, by day; with the scope <c>admin</c> what every key used.</summary>
    /// <param name="from">The first day, UTC; null: 30 days with the last one.</param>
    /// <param name="to">The last day, UTC; null: today.</param>
    /// <param name="key">Only this key, by its id or name; empty: callers without a key; null: all.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">422: the range is longer than 400 days. 403: the key is another's.</exception>
    public Task<UsageReport> GetUsageAsync(DateOnly? from = null, DateOnly? to = null, string? key = null, CancellationToken cancellationToken = default)
    {
        string?[] parts = [Day("from", from), Day("to", to), key is null ? null : "key=" + Uri.EscapeDataString(key)];
        var question = string.Join('&', parts.Where(part => part is not null));
        return calls.GetAsync(question.Length == 0 ? "v1/usage" : "v1/usage?" + question, ClientJson.Default.UsageReport, cancellationToken);
    }

    /// <summary>The lowest level of the server's own lines in its log. For keys with the scope <c>admin</c>.</summary>
    /// <param name="cancellationToken">Stops the asking.</param>
    public async Task<string> GetLogLevelAsync(CancellationToken cancellationToken = default) =>
        (await calls.GetAsync("v1/log-level", ClientJson.Default.LogLevelData, cancellationToken).ConfigureAwait(false)).Level;

    /// <summary>Changes that level until the server's process ends. For keys with the scope <c>admin</c>.</summary>
    /// <param name="level"><c>verbose</c>, <c>debug</c>, <c>information</c>, <c>warning</c>, <c>error</c> or <c>fatal</c>.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">422: there is no such level.</exception>
    public Task SetLogLevelAsync(string level, CancellationToken cancellationToken = default) => calls.SendAsync(
        HttpMethod.Put, "v1/log-level", () => ServerCalls.Json(new LogLevelData(level), ClientJson.Default.LogLevelData), ClientJson.Default.LogLevelData,
        cancellationToken);

    private static string? Day(string name, DateOnly? day) => day is { } given ? $"{name}={given.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : null;
}
