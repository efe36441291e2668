using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Health;

/// <summary>Asks a server on this machine how it is.</summary>
internal static class ServerProbe
{
    /// <param name="address">Of the server.</param>
    /// <param name="path"><c>/readyz</c> or <c>/livez</c>.</param>
    /// <param name="patience">For the whole answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ProbeOutcome> AskAsync(ProbeAddress address, string path, TimeSpan patience, CancellationToken cancellation)
    {
        string where = address.Socket ?? address.Root.GetLeftPart(UriPartial.Authority);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            using var client = new HttpClient(Handler(address.Socket)) { MaxResponseContentBufferSize = 64 * 1024 };
            using var answer = await client.GetAsync(new Uri(address.Root, path), limit.Token);
            var said = Read(await answer.Content.ReadAsByteArrayAsync(limit.Token));
            return answer.StatusCode == HttpStatusCode.OK && said is not null
                ? new(true, $"The server at {where} is {said.Status}.")
                : new(false, $"The server at {where} answers {path} with {(int)answer.StatusCode}{Why(said)}.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"The server at {where} does not answer within {patience.TotalSeconds:0.#} s.");
        }
        catch (HttpRequestException refused)
        {
            return new(false, $"The server at {where} cannot be asked: {(refused.InnerException ?? refused).Message.TrimEnd('.')}.");
        }
    }

    private static SocketsHttpHandler Handler(string? socket)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        // Its certificate is made for the names that others call it by. Nothing is sent that another could use, and loopback is not left.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        if (socket is not null)
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(connection, ownsSocket: true);
            };
        }
        return handler;
    }

    private static string Why(ReadinessAnswer? said) => said is null ? "" : $" ({said.Status}{(said.Reason is { } reason ? ": " + reason : "")})";

    /// <summary>Null where it is no answer of Darkroom's: then another program has the port.</summary>
    private static ReadinessAnswer? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WireJson.Wire.ReadinessAnswer) is { Status: not null } said ? said : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How a server is.</summary>
/// <param name="IsGood">Whether it is as it should be.</param>
/// <param name="Text">A sentence.</param>
internal sealed record ProbeOutcome(bool IsGood, string Text);
