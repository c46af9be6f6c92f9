<?php
// usage: listen.php LIBRARY URL [TEXT]: prints a stream's lines, or posts TEXT.
[, $library, $url] = $argv;
$body = isset($argv[3]) ? json_encode(['text' => $argv[3]]) : null;

function with_curl($url, $body)
{
    $curl = curl_init($url);
    if ($body !== null) {
        curl_setopt($curl, CURLOPT_POSTFIELDS, $body);
    }
    curl_setopt($curl, CURLOPT_WRITEFUNCTION, function ($curl, $piece) {
        return fwrite(STDOUT, $piece);
    });
    if (!curl_exec($curl)) {
        fwrite(STDERR, curl_error($curl));
        exit(1);
    }
}

function with_fopen($url, $body, $version = '1.1')
{
    $http = ['timeout' => 600, 'protocol_version' => $version];
    if ($body !== null) {
        $http += ['method' => 'POST', 'content' => $body];
    }
    $stream = fopen($url, 'r', false, stream_context_create(['http' => $http]));
    while (($line = fgets($stream)) !== false) {
        fwrite(STDOUT, $line);
    }
}

function with_fopen_1_0($url, $body)
{
    with_fopen($url, $body, '1.0');
}

("with_$library")($url, $body);
if ($body !== null) {
    echo "\n";
}
