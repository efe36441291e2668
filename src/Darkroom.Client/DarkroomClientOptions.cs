namespace Darkroom.Client;

/// <summary>Where a server is, and how patient its client.</summary>
public sealed class DarkroomClientOptions
{
    /// <summary>The server's address: <c>http://127.0.0.1:8080</c>. It may have a path, where a proxy has the server below one.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Key of the API; null: none is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// 10 milliseconds … 1 day, 100 seconds where it is not set: how long one try may take, with what is sent and received. How long a job takes has nothing to
    /// do with it.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>0…20, 4 where it is not set: how often a request is sent again that met a broken connection, or a server that is busy.</summary>
    public int MaxRetries { get; set; } = 4;

    /// <summary>
    /// 1 millisecond … 1 minute, half a second where it is not set: the wait before the first of these tries, in the mean. It doubles with each. Where the
    /// server says when to come back, that counts.
    /// </summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// 1 millisecond … 1 hour, at least <see cref="RetryDelay"/>, 30 seconds where it is not set: the longest wait. A server that wants a longer one is not
    /// asked again: the caller is told.
    /// </summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// 0 … 1 day, 5 minutes where it is not set: how long somebody who follows a job goes on after the last word of a server that cannot be reached: it may be
    /// restarting.
    /// </summary>
    public TimeSpan ReconnectFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock of waits and retries.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Reads <c>Endpoint=http://127.0.0.1:8080;Key=…</c>, or an address alone.</summary>
    /// <param name="connectionString">As Aspire and settings have it.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static DarkroomClientOptions Parse(string connectionString)
    {
        var options = new DarkroomClientOptions();
        options.Read(connectionString);
        return options;
    }

    /// <summary>Takes the address and the key from a connection string; everything else stays.</summary>
    /// <param name="connectionString"><c>Endpoint=http://127.0.0.1:8080;Key=…</c>, or an address alone.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public void Read(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        if (IsAddress(connectionString, out var alone))
        {
            BaseAddress = alone;
            return;
        }
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
                throw new FormatException("A connection string is 'Endpoint=http://…;Key=…', or an address alone.");
            if (name.Equals("Endpoint", StringComparison.OrdinalIgnoreCase))
                BaseAddress = IsAddress(value, out var address) ? address
                    : throw new FormatException($"Endpoint must be an http or https address, not '{value}'.");
            else if (name.Equals("Key", StringComparison.OrdinalIgnoreCase)) ApiKey = value.Length == 0 ? null : value;
            else throw new FormatException($"A connection string has Endpoint and Key, not '{name}'.");
        }
        if (BaseAddress is null) throw new FormatException("The connection string has no Endpoint.");
    }

    internal void Validate()
    {
        if (BaseAddress is { } address && !IsAddress(address.OriginalString, out _))
            throw new ArgumentException($"BaseAddress must be an http or https address, not '{address.OriginalString}'.", nameof(BaseAddress));
        Check(Timeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1), nameof(Timeout));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRetries, 0, nameof(MaxRetries));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxRetries, 20, nameof(MaxRetries));
        Check(RetryDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(RetryDelay));
        Check(MaxRetryDelay, RetryDelay, TimeSpan.FromHours(1), nameof(MaxRetryDelay));
        Check(ReconnectFor, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(ReconnectFor));
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void Check(TimeSpan value, TimeSpan min, TimeSpan max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
    }

    private static bool IsAddress(string text, out Uri? address) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out address) && address.Scheme is ("http" or "https");
}
