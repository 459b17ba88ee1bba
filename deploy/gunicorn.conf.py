"""gunicorn behind a reverse proxy: ``gunicorn --config deploy/gunicorn.conf.py wsgi:app``.

Threads wait for the disk and for phones, so many of them are cheap; more processes help only with
more cores. The proxy must buffer slow phones: threads alone are used up by sixty of them.
"""
bind = "127.0.0.1:8000"
workers = 2
threads = 32
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
max_requests = 0
control_socket_disable = True  # it would open a socket in the home folder of the service
